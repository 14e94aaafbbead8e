/**
 * The layouts of all tasks as segments of text, time and image tokens (SPEC 8), the quirks of the
 * released scripts included. Nothing here computes; pipelines turn segments into stage calls.
 */
package dev.showo2.sequence.internal;
