/**
 * Reading PyTorch and safetensors checkpoints, and writing safetensors files.
 *
 * <p>Checkpoints are untrusted: nothing in them is executed, every claim about a size is checked
 * before memory is taken, and values stream, so memory does not grow with the model.
 */
package dev.showo2.export.checkpoint;
