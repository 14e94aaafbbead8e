/** Collected comparisons of checks, and arithmetic on host tensors. */
package dev.showo2.conformance.internal.compare;
