package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;

/**
 * A p×p convolution with stride p: one token for each whole patch; what is left over at the right
 * and below has none.
 */
record PatchEmbedding(NDArray kernel, NDArray bias, Shape stride) {

  static PatchEmbedding of(LayerWeights weights, String key, int out, int channels, int patch) {
    return new PatchEmbedding(
        weights.array(key + ".weight", out, channels, patch, patch),
        weights.array(key + ".bias", out),
        new Shape(patch, patch));
  }

  /**
   * @param frames [N, C, h, w]
   * @return [N, L, out]
   */
  NDArray apply(NDArray frames) {
    NDArray grid = Conv2d.conv2d(frames, kernel, bias, stride).singletonOrThrow();
    return grid.flatten(2, 3).transpose(0, 2, 1);
  }
}
