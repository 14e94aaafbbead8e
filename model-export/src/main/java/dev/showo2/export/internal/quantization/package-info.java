/**
 * How weights become smaller: 16-bit floats, 8-bit integers with a scale per output channel, 4-bit
 * integers with a scale per block.
 */
package dev.showo2.export.internal.quantization;
