/**
 * The checks that test the rules, by chapter of the rule book: {@code stage} has V, F, B, L, H and
 * S in one class each, {@code pipeline} has P, {@code contract} has R; {@code run} lists and runs
 * them. A method that tests rule B-13 alone is named {@code b13…}.
 */
package dev.showo2.conformance.internal.check;
