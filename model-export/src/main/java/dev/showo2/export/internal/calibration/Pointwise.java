package dev.showo2.export.internal.calibration;

import java.util.function.DoubleUnaryOperator;

/** Functions of single values, with which layers are joined. */
final class Pointwise {

  private static final double SQRT_2_PI = Math.sqrt(2 / Math.PI);

  private Pointwise() {}

  /** Puts the function's result in place of each value. */
  static Activations apply(Activations x, DoubleUnaryOperator function) {
    for (float[] channel : x.values()) {
      for (int i = 0; i < channel.length; i++) {
        channel[i] = (float) function.applyAsDouble(channel[i]);
      }
    }
    return x;
  }

  /** SiLU(gate) · up in place of the gate (SPEC 4). */
  static Activations swiGlu(Activations gate, Activations up) {
    for (int channel = 0; channel < gate.channels(); channel++) {
      float[] gates = gate.values()[channel];
      float[] ups = up.values()[channel];
      for (int i = 0; i < gates.length; i++) {
        gates[i] = (float) silu(gates[i]) * ups[i];
      }
    }
    return gate;
  }

  static double silu(double x) {
    return x / (1 + StrictMath.exp(-x));
  }

  /** The exact GELU, x · Φ(x). */
  static double gelu(double x) {
    return x / 2 * (1 + erf(x / Math.sqrt(2)));
  }

  /** The approximation of the semantic layers. */
  static double geluTanh(double x) {
    return x / 2 * (1 + StrictMath.tanh(SQRT_2_PI * x * (1 + 0.044715 * x * x)));
  }

  /** Kummer's series: 2x/√π · e^(−x²) · (1 + 2x²/3 · (1 + 2x²/5 · (1 + …))), without cancelling. */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double summand = 1;
    double sum = 1;
    for (int odd = 3; summand > 1e-17 * sum; odd += 2) {
      summand *= 2 * x * x / odd;
      sum += summand;
    }
    return Math.sqrt(4 / Math.PI) * x * StrictMath.exp(-x * x) * sum;
  }
}
