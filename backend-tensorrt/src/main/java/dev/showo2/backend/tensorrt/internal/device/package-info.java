/**
 * The seam between the backend and a GPU: memory, streams, engines and their building, as narrow as
 * the stages need them. One implementation calls TensorRT; the tests have another, which computes
 * the same graphs on the CPU and watches how memory is used.
 */
package dev.showo2.backend.tensorrt.internal.device;
