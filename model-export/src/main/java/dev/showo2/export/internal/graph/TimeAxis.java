package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.Value;

/**
 * Operations of the VAE along time; all others work frame by frame. Frames travel as one batch
 * [B·F, C, h, w], so every convolution is two-dimensional: one over time as well is one whose input
 * channels hold three frames (SPEC 1).
 */
interface TimeAxis {

  /** A 3×3×3 convolution that sees the frame itself and the two before it. */
  Value causal(Value x, String key, int channels);

  /** Half as many frames; follows the halving of the image. */
  Value downsample(Value x, String key, int channels);

  /** Twice as many frames; comes before the doubling of the image. */
  Value upsample(Value x, String key, int channels);
}
