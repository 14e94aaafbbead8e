/** The stages of a bundle on ONNX Runtime; applications find it through the SPI. */
package dev.showo2.backend.onnx;
