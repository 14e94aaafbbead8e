package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * Functions whose composition from DJL's methods is measurably slower: PyTorch frees each of their
 * wide intermediate values as soon as it is used, and DJL lacks the operators that need none. They
 * are compiled when the first backend opens, and live as long as the engine.
 */
final class TorchFunctions {

  private static final TorchScript GELU_TANH =
      TorchScript.compile("torch.gelu(x, approximate=\"tanh\")", "x");

  private static final TorchScript SILU = TorchScript.compile("torch.silu(x)", "x");

  private static final TorchScript UNIT_LENGTH =
      TorchScript.compile(
          "torch.div(x, torch.clamp_min(torch.linalg_vector_norm(x, 2, [1], True), 1e-12))", "x");

  private static final TorchScript SILU_IN_PLACE = TorchScript.compile("torch.silu_(x)", "x");

  /** PyTorch's number of this order in memory is 2. */
  private static final TorchScript CHANNELS_LAST =
      TorchScript.compile("torch.contiguous(x, memory_format=2)", "x");

  private TorchFunctions() {}

  /** Compiles the functions, where they are not yet; this class's initializer does it. */
  static void compile() {}

  /** GELU in its approximation by tanh. */
  static NDArray geluTanh(NDArray x) {
    return GELU_TANH.call(x);
  }

  /**
   * x · sigmoid(x). DJL's own multiplies by a number in a buffer of Java, which is gone before a
   * gradient needs it; so does each of its operators that takes a number as a factor.
   */
  static NDArray silu(NDArray x) {
    return SILU.call(x);
  }

  /** x / max(‖x‖ over axis 1, 1e-12). */
  static NDArray unitLength(NDArray x) {
    return UNIT_LENGTH.call(x);
  }

  /** SiLU, written over its argument. */
  static NDArray siluInPlace(NDArray x) {
    return SILU_IN_PLACE.call(x);
  }

  /**
   * The same values in the order in memory in which convolutions are fastest; operators keep it.
   *
   * @param x [B, C, H, W]
   */
  static NDArray channelsLast(NDArray x) {
    return CHANNELS_LAST.call(x);
  }
}
