/** Quantizes weights: half precision, per-channel symmetric int8 and blockwise int4. */
package dev.showo2.export.internal.quantization;
