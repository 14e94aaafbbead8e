package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * Functions whose composition from DJL's methods is measurably slower: PyTorch frees each of their
 * wide intermediate values as soon as it is used, and DJL lacks the operators that need none. They
 * are compiled on first use, and live as long as the engine.
 */
final class TorchFunctions {

  private static final TorchScript SWI_GLU =
      TorchScript.compile(
          "torch.linear(torch.mul(torch.silu(torch.linear(x, gate)), torch.linear(x, up)), down)",
          "x",
          "gate",
          "up",
          "down");

  private static final TorchScript GELU_TANH =
      TorchScript.compile("torch.gelu(x, approximate=\"tanh\")", "x");

  private TorchFunctions() {}

  /**
   * (SiLU(x · gateᵀ) ∘ (x · upᵀ)) · downᵀ.
   *
   * @param x [.., width]
   * @param gate [inner, width]
   * @param up [inner, width]
   * @param down [width, inner]
   * @return [.., width]
   */
  static NDArray swiGlu(NDArray x, NDArray gate, NDArray up, NDArray down) {
    return SWI_GLU.call(x, gate, up, down);
  }

  /** GELU in its approximation by tanh. */
  static NDArray geluTanh(NDArray x) {
    return GELU_TANH.call(x);
  }
}
