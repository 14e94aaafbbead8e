/**
 * TensorRT through JavaCPP: the only classes that touch {@code org.bytedeco}. They compile
 * unchanged with the classes of TensorRT 10 and 11.
 */
package dev.showo2.backend.tensorrt.internal.nvinfer;
