package dev.showo2.export.internal.calibration;

/**
 * Rotary position embedding by rotated halves (SPEC 4). A token's position is its index.
 *
 * @param frequencies angle per position of each pair
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
record RotaryEmbedding(float[] frequencies) {

  /** Turns each head of x [heads · 2 · pairs, tokens] in place. */
  Activations apply(Activations x) {
    int pairs = frequencies.length;
    for (int pair = 0; pair < pairs; pair++) {
      for (int token = 0; token < x.tokens(); token++) {
        float angle = token * frequencies[pair];
        float cosine = (float) StrictMath.cos(angle);
        float sine = (float) StrictMath.sin(angle);
        for (int first = pair; first < x.channels(); first += 2 * pairs) {
          for (int t = token; t < x.columns(); t += x.tokens()) {
            turn(x.values()[first], x.values()[first + pairs], t, cosine, sine);
          }
        }
      }
    }
    return x;
  }

  private static void turn(float[] first, float[] second, int t, float cosine, float sine) {
    float a = first[t];
    float b = second[t];
    first[t] = a * cosine - b * sine;
    second[t] = b * cosine + a * sine;
  }
}
