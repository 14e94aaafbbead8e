/**
 * Measures the effect of quantized weights before they are written: one pass over the checkpoint in
 * plain Java computes a small request in fp32 and quantized, side by side, layer by layer. {@link
 * dev.showo2.export.internal.calibration.Calibration} is the entry.
 *
 * <p>Each layer's weight streams through a few blocks of rows, so memory holds the activations of
 * some sixty tokens and does not grow with the number of layers.
 */
package dev.showo2.export.internal.calibration;
