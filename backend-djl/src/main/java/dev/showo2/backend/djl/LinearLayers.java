package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/** The arithmetic of a model's linear layers. */
interface LinearLayers {

  /** In 32-bit floats. */
  LinearLayers FP32 =
      new LinearLayers() {
        @Override
        public NDArray kept(NDArray weight) {
          return weight;
        }

        @Override
        public ScriptTerm linear(String key, NDArray weight, NDArray bias) {
          return (script, x) ->
              bias == null
                  ? script.let("torch.linear(%s, %s)", x, script.weight(weight))
                  : script.let(
                      "torch.linear(%s, %s, %s)", x, script.weight(weight), script.weight(bias));
        }

        @Override
        public ScriptTerm swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
          return SwiGlu.of(
              "torch.linear(torch.mul(torch.silu(torch.linear(x, gate)), torch.linear(x, up)), down)",
              gate,
              up,
              down);
        }
      };

  /**
   * @param weight in 32-bit floats
   * @return in the form that the other methods take, or as it is
   */
  NDArray kept(NDArray weight);

  /**
   * x · Wᵀ + b, from and to 32-bit floats.
   *
   * @param key name of the layer
   * @param weight from {@link #kept}
   * @param bias in 32-bit floats, or null
   */
  ScriptTerm linear(String key, NDArray weight, NDArray bias);

  /**
   * The gated feed-forward network of both transformers, (SiLU(x · gateᵀ) ∘ (x · upᵀ)) · downᵀ, for
   * rows [N, width].
   *
   * @param key name of the feed-forward network
   * @param gate [inner, width], from {@link #kept}
   * @param up [inner, width], from {@link #kept}
   * @param down [width, inner], from {@link #kept}
   */
  ScriptTerm swiGlu(String key, NDArray gate, NDArray up, NDArray down);
}
