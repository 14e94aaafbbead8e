/**
 * The stages of a bundle with DJL on PyTorch, from its weights alone; applications find it through
 * the SPI.
 */
package dev.showo2.backend.djl;
