/** Checks of single stages: chapters V, F, B, L, H and S of the rule book. */
package dev.showo2.conformance.internal.check.stage;
