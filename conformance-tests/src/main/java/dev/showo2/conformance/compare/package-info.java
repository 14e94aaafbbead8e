/** Comparisons of tensors: figures, tolerances, and messages on differences. */
package dev.showo2.conformance.compare;
