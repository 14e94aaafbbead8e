/**
 * A GPU that is none: it computes engines with ONNX Runtime on the CPU, in the order in which a GPU
 * would and no sooner than somebody waits, and refuses wrong use of its memory.
 */
package dev.showo2.backend.tensorrt.emulation;
