package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/** A linear layer, x · Wᵀ + b. */
interface DjlLinear {

  /**
   * @param x [.., in], in 32-bit floats
   * @return [.., out], in 32-bit floats
   */
  NDArray apply(NDArray x);

  /**
   * In 32-bit floats.
   *
   * @param weight W [out, in]
   * @param bias b [out], or null
   */
  static DjlLinear of(NDArray weight, NDArray bias) {
    return x -> x.getNDArrayInternal().linear(x, weight, bias).singletonOrThrow();
  }
}
