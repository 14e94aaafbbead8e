/** The stages of a bundle on TensorRT; applications find it through the SPI. */
package dev.showo2.backend.tensorrt;
