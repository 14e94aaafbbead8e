/**
 * What rounded weights do to a model, found out before they are written: one pass over the
 * checkpoint in plain Java computes a small request exactly and rounded, side by side, layer by
 * layer. {@link dev.showo2.export.internal.calibration.Calibration} is the door.
 *
 * <p>Each layer's weight streams through a few blocks of rows, so memory holds the activations of
 * some sixty tokens and does not grow with the number of layers.
 */
package dev.showo2.export.internal.calibration;
