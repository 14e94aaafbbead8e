/** Tensors held against tensors: figures, tolerances, and what to say of a difference. */
package dev.showo2.conformance.compare;
