/**
 * Checkpoints with random weights in the released layout, of any sizes: for tests and measurements
 * that need a model of a certain shape and no meaning in it.
 */
package dev.showo2.export.synthetic;
