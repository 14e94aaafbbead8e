/** Recorded training: reading runs and rows of the official code, and replaying them. */
package dev.showo2.conformance.internal.training;
