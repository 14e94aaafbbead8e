package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * x / √(mean(x²) + ε) · gain over the last axis.
 *
 * @param gain [width]
 */
record RmsNorm(NDArray gain, double epsilon) {

  private static final int[] LAST = {-1};

  NDArray apply(NDArray x) {
    NDArray root = x.square().mean(LAST, true).add(epsilon).sqrt();
    return x.div(root).mul(gain);
  }
}
