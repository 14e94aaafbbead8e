/**
 * Text to token ids and back, with the tokens that Show-o2 adds to those of its language model, and
 * the fixed texts around a question (SPEC 8). The only package that knows DJL.
 */
package dev.showo2.text;
