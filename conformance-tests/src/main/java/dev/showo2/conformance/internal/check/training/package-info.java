/** Checks of chapter T, training. */
package dev.showo2.conformance.internal.check.training;
