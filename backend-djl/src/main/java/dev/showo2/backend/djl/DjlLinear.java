package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * A linear layer, x · Wᵀ + b.
 *
 * @param weight W [out, in]
 * @param bias b [out], or null
 */
record DjlLinear(NDArray weight, NDArray bias) {

  /**
   * @param x [.., in]
   * @return [.., out]
   */
  NDArray apply(NDArray x) {
    return x.getNDArrayInternal().linear(x, weight, bias).singletonOrThrow();
  }
}
