/**
 * Tensors: opaque ones in the memory of a backend, closed by their receiver, and plain ones in the
 * JVM's memory for host arithmetic.
 */
package dev.showo2.tensor;
