package dev.showo2.conformance.internal.reference;

/** The gated feed-forward network of both transformers: down(SiLU(gate(x)) · up(x)). */
record SwiGlu(Linear gate, Linear up, Linear down) {

  static SwiGlu of(Weights weights, String key, int width, int inner) {
    return new SwiGlu(
        weights.linearWithoutBias(key + ".gate_proj", inner, width),
        weights.linearWithoutBias(key + ".up_proj", inner, width),
        weights.linearWithoutBias(key + ".down_proj", width, inner));
  }

  Matrix apply(Matrix x) {
    return down.apply(Ops.multiply(Ops.map(gate.apply(x), Ops::silu), up.apply(x)));
  }
}
