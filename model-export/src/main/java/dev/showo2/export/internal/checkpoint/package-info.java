/** Views of checkpoints: one safetensors file, several shards, renamed or joined tensors. */
package dev.showo2.export.internal.checkpoint;
