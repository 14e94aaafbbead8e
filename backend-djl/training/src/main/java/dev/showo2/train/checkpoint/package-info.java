/**
 * Checkpoints at the ends of a training: initial weights, the step to a larger backbone, a
 * teacher's features, and what was trained in the released layout or as an adapter.
 */
package dev.showo2.train.checkpoint;
