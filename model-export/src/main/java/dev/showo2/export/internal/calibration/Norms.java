package dev.showo2.export.internal.calibration;

import java.util.Arrays;

/** Norms along the channels of each token. */
final class Norms {

  private Norms() {}

  /**
   * x / √(mean(x²) + ε) · gain, over groups of as many channels as there are gains: all of them, or
   * those of each head.
   */
  static Activations rms(Activations x, float[] gains, double epsilon) {
    Activations result = Activations.zeros(x.channels(), x.tokens(), x.streams());
    for (int first = 0; first < x.channels(); first += gains.length) {
      double[] factors = new double[x.columns()];
      for (int i = 0; i < gains.length; i++) {
        addSquares(x.values()[first + i], factors);
      }
      Arrays.setAll(factors, t -> 1 / Math.sqrt(factors[t] / gains.length + epsilon));
      for (int i = 0; i < gains.length; i++) {
        float[] in = x.values()[first + i];
        float[] out = result.values()[first + i];
        for (int t = 0; t < in.length; t++) {
          out[t] = (float) (in[t] * factors[t]) * gains[i];
        }
      }
    }
    return result;
  }

  /** (x − mean) / √(variance + ε) · gain + bias. */
  static Activations layer(Activations x, float[] gains, float[] biases, double epsilon) {
    double[] means = new double[x.columns()];
    for (float[] channel : x.values()) {
      for (int t = 0; t < channel.length; t++) {
        means[t] += channel[t] / (double) gains.length;
      }
    }
    Activations result = Activations.zeros(x.channels(), x.tokens(), x.streams());
    double[] factors = new double[x.columns()];
    for (int i = 0; i < gains.length; i++) {
      float[] centered = result.values()[i];
      for (int t = 0; t < centered.length; t++) {
        centered[t] = (float) (x.values()[i][t] - means[t]);
      }
      addSquares(centered, factors);
    }
    Arrays.setAll(factors, t -> 1 / Math.sqrt(factors[t] / gains.length + epsilon));
    for (int i = 0; i < gains.length; i++) {
      float[] out = result.values()[i];
      for (int t = 0; t < out.length; t++) {
        out[t] = (float) (out[t] * factors[t]) * gains[i] + biases[i];
      }
    }
    return result;
  }

  private static void addSquares(float[] values, double[] sums) {
    for (int t = 0; t < values.length; t++) {
      sums[t] += (double) values[t] * values[t];
    }
  }
}
