package dev.showo2.conformance.internal.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Arithmetic of several stages on their tokens, one per row. */
final class Ops {

  private Ops() {}

  static Matrix add(Matrix a, Matrix b) {
    return combine(a, b, Double::sum);
  }

  static Matrix multiply(Matrix a, Matrix b) {
    return combine(a, b, (left, right) -> left * right);
  }

  private static Matrix combine(Matrix a, Matrix b, DoubleBinaryOperator operator) {
    Matrix result = Matrix.zeros(a.rows(), a.columns());
    for (int i = 0; i < result.values().length; i++) {
      result.values()[i] = operator.applyAsDouble(a.values()[i], b.values()[i]);
    }
    return result;
  }

  static Matrix map(Matrix x, DoubleUnaryOperator operator) {
    Matrix result = Matrix.zeros(x.rows(), x.columns());
    for (int i = 0; i < result.values().length; i++) {
      result.values()[i] = operator.applyAsDouble(x.values()[i]);
    }
    return result;
  }

  /** x / √(mean(x²) + ε) · gain. */
  static Matrix rmsNorm(Matrix x, double[] gain, double epsilon) {
    Matrix result = Matrix.zeros(x.rows(), x.columns());
    for (int row = 0; row < x.rows(); row++) {
      int start = x.start(row);
      double squares = 0;
      for (int i = 0; i < x.columns(); i++) {
        squares += x.values()[start + i] * x.values()[start + i];
      }
      double root = Math.sqrt(squares / x.columns() + epsilon);
      for (int i = 0; i < x.columns(); i++) {
        result.values()[start + i] = x.values()[start + i] / root * gain[i];
      }
    }
    return result;
  }

  /** (x − mean(x)) / √(variance(x) + ε) · gain + bias. */
  static Matrix layerNorm(Matrix x, double[] gain, double[] bias, double epsilon) {
    Matrix result = Matrix.zeros(x.rows(), x.columns());
    for (int row = 0; row < x.rows(); row++) {
      int start = x.start(row);
      double mean = 0;
      for (int i = 0; i < x.columns(); i++) {
        mean += x.values()[start + i] / x.columns();
      }
      double variance = 0;
      for (int i = 0; i < x.columns(); i++) {
        double distance = x.values()[start + i] - mean;
        variance += distance * distance / x.columns();
      }
      double deviation = Math.sqrt(variance + epsilon);
      for (int i = 0; i < x.columns(); i++) {
        double normed = (x.values()[start + i] - mean) / deviation;
        result.values()[start + i] = normed * gain[i] + bias[i];
      }
    }
    return result;
  }

  /** Turns scores into weights that add up to 1, in place. */
  static void softmax(double[] scores) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - largest);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  /** The exact GELU, x · Φ(x). */
  static double gelu(double x) {
    return x / 2 * (1 + erf(x / Math.sqrt(2)));
  }

  /** The approximation that SigLIP was trained with; up to 5e-4 away from the exact one. */
  static double geluTanh(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  /**
   * The error function by its series 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (1·3·5···(2n+1)), whose terms
   * all have one sign, so that nothing cancels.
   */
  static double erf(double x) {
    // From here on the difference to 1 is less than a double can tell.
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
