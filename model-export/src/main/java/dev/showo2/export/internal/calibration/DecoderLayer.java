package dev.showo2.export.internal.calibration;

/**
 * A layer of either transformer: that of the backbone (SPEC 4) has biases on q, k and v, that of
 * the flow head (SPEC 6) a norm on each head of q and k, and modulation.
 *
 * @param epsilon of the two norms before attention and feed-forward network
 * @param isModulated whether it is the flow head's
 */
record DecoderLayer(
    LinearLayers layers,
    SegmentAttention attention,
    RotaryEmbedding rotary,
    double epsilon,
    boolean isModulated) {

  private static final double HEAD_NORM_EPSILON = 1e-6;

  /** Numbers of the parts of a modulation. */
  private static final int SHIFT_1 = 0;

  private static final int SCALE_1 = 1;
  private static final int GATE_1 = 2;
  private static final int SHIFT_2 = 3;
  private static final int SCALE_2 = 4;
  private static final int GATE_2 = 5;

  /** Adds to x what the layer makes of it. */
  void apply(String key, Activations x, AdaptiveNorms modulation) {
    Activations normed = normed(key + ".input_layernorm", x);
    Activations attended =
        attend(key + ".self_attn", modulation.modulate(normed, SHIFT_1, SCALE_1));
    x.add(modulation.gate(attended, GATE_1));
    normed = normed(key + ".post_attention_layernorm", x);
    Activations fed = feedForward(key + ".mlp", modulation.modulate(normed, SHIFT_2, SCALE_2));
    x.add(modulation.gate(fed, GATE_2));
  }

  private Activations normed(String key, Activations x) {
    return Norms.rms(x, layers.reader().all(key + ".weight"), epsilon);
  }

  private Activations attend(String key, Activations x) {
    Activations queries = rotary.apply(heads(key, "q", x));
    Activations keys = rotary.apply(heads(key, "k", x));
    Activations values = projected(key + ".v_proj", x);
    return layers.withoutBias(
        key + ".o_proj", attention.apply(queries, keys, values, layers.workers()));
  }

  private Activations heads(String key, String name, Activations x) {
    Activations heads = projected(key + "." + name + "_proj", x);
    return isModulated
        ? Norms.rms(
            heads, layers.reader().all(key + "." + name + "_norm.weight"), HEAD_NORM_EPSILON)
        : heads;
  }

  private Activations projected(String key, Activations x) {
    return isModulated ? layers.withoutBias(key, x) : layers.withBias(key, x);
  }

  private Activations feedForward(String key, Activations x) {
    Activations gate = layers.withoutBias(key + ".gate_proj", x);
    Activations up = layers.withoutBias(key + ".up_proj", x);
    return layers.withoutBias(key + ".down_proj", Pointwise.swiGlu(gate, up));
  }
}
