/**
 * A small vocabulary of operators over the ONNX protobufs. Weights are referred to where they are
 * stored in the bundle's safetensors files, never copied into a graph. Internal to the module.
 */
package dev.showo2.export.internal.onnx;
