package dev.showo2.export.internal.calibration;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.HostTensor;

/**
 * Flow time to time vector and time token (SPEC 3); never rounded.
 *
 * @param vector [1, 1, H]
 * @param token [1, 1, D]
 */
record TimeEmbeddingPass(HostTensor vector, HostTensor token) {

  private static final double LONGEST_PERIOD = 10_000;

  static TimeEmbeddingPass run(Architecture architecture, LinearLayers layers, float time) {
    Activations first = layers.withBias("time_embed.mlp.0", sinusoid(time));
    Activations vector =
        layers.withBias("time_embed.mlp.2", Pointwise.apply(first, Pointwise::silu));
    Activations token =
        architecture.projectsHidden() ? layers.withBias("time_embed_proj", vector) : vector;
    return new TimeEmbeddingPass(vector.exact(0, 1), token.exact(0, 1));
  }

  private static Activations sinusoid(float time) {
    Activations sinusoid = Activations.zeros(Architecture.TIME_FREQUENCIES, 1, 1);
    int half = Architecture.TIME_FREQUENCIES / 2;
    for (int i = 0; i < half; i++) {
      double angle = time * StrictMath.pow(LONGEST_PERIOD, -(double) i / half);
      sinusoid.values()[i][0] = (float) StrictMath.cos(angle);
      sinusoid.values()[half + i][0] = (float) StrictMath.sin(angle);
    }
    return sinusoid;
  }
}
