package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.calibration.LayerTrials.Call;
import java.util.List;
import java.util.Optional;

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
        attend(
            key + ".self_attn",
            modulation.modulate(normed, SHIFT_1, SCALE_1),
            smoothing(key, "input_layernorm", SHIFT_1, x));
    x.add(modulation.gate(attended, GATE_1));
    normed = normed(key + ".post_attention_layernorm", x);
    Activations fed =
        feedForward(
            key + ".mlp",
            modulation.modulate(normed, SHIFT_2, SCALE_2),
            smoothing(key, "post_attention_layernorm", SHIFT_2, x));
    x.add(modulation.gate(fed, GATE_2));
  }

  private Activations normed(String key, Activations x) {
    return Norms.rms(x, layers.reader().all(key + ".weight"), epsilon);
  }

  /** A norm's gain takes factors of what it gives, as a modulation's shift has to. */
  private Smoothing smoothing(String key, String norm, int shift, Activations x) {
    Smoothing gain = Smoothing.of(x.channels(), key + "." + norm + ".weight");
    String modulation = key + ".adaLN_modulation.1";
    int firstRow = shift * x.channels();
    return isModulated
        ? gain.and(modulation + ".weight", firstRow).and(modulation + ".bias", firstRow)
        : gain;
  }

  private Activations attend(String key, Activations x, Smoothing smoothing) {
    List<Activations> projected =
        layers.together(
            x,
            Optional.of(smoothing),
            projection(key + ".q_proj"),
            projection(key + ".k_proj"),
            projection(key + ".v_proj"));
    Activations queries = rotary.apply(heads(key, "q", projected.get(0)));
    Activations keys = rotary.apply(heads(key, "k", projected.get(1)));
    Activations attended = attention.apply(queries, keys, projected.get(2), layers.workers());
    return layers
        .together(attended, Optional.of(ofValues(key)), Call.withoutBias(key + ".o_proj"))
        .get(0);
  }

  private Smoothing ofValues(String key) {
    int size = layers.reader().rows(key + ".v_proj.weight") / attention.keyValueHeads();
    String values = key + ".v_proj";
    Smoothing weight =
        Smoothing.ofValues(attention.heads(), attention.keyValueHeads(), size, values + ".weight");
    return isModulated ? weight : weight.and(values + ".bias", 0);
  }

  private Activations heads(String key, String name, Activations heads) {
    return isModulated
        ? Norms.rms(
            heads, layers.reader().all(key + "." + name + "_norm.weight"), HEAD_NORM_EPSILON)
        : heads;
  }

  private Call projection(String key) {
    return new Call(key, !isModulated);
  }

  private Activations feedForward(String key, Activations x, Smoothing smoothing) {
    List<Activations> wide =
        layers.together(
            x,
            Optional.of(smoothing),
            Call.withoutBias(key + ".gate_proj"),
            Call.withoutBias(key + ".up_proj"));
    Activations gated = Pointwise.swiGlu(wide.get(0), wide.get(1));
    Smoothing up = Smoothing.of(gated.channels(), key + ".up_proj.weight");
    return layers.together(gated, Optional.of(up), Call.withoutBias(key + ".down_proj")).get(0);
  }
}
