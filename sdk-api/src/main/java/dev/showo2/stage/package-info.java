/**
 * The parts of a Show-o2 model as interfaces, with one small request object for each call: what a
 * backend implements and pipelines compose (SPEC 1 to 6). Tensors have a leading batch dimension,
 * all rows of a batch are equally long, and attention is handed over as segments, never as a mask.
 */
package dev.showo2.stage;
