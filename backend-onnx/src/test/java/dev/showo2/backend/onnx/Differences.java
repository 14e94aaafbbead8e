package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.Tensors;

/** Distances of two results. */
final class Differences {

  /** What rounding in another order may do to one stage. */
  static final float ROUNDING = 2e-5f;

  private Differences() {}

  /** The largest difference as a share of the largest expected value. */
  static double relative(HostTensor expected, HostTensor actual) {
    float largest = Float.MIN_NORMAL;
    for (float value : expected.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return Tensors.largestDifference(expected, actual) / (double) largest;
  }

  static void assertClose(HostTensor expected, HostTensor actual) {
    float largest = Tensors.largestDifference(expected, actual);
    assertTrue(largest <= ROUNDING * magnitude(expected), "max abs difference " + largest);
  }

  /** Far enough apart that a tolerance for rounding could never hide it. */
  static void assertFar(HostTensor a, HostTensor b) {
    float largest = Tensors.largestDifference(a, b);
    assertTrue(largest > 100 * ROUNDING * magnitude(a), "max abs difference only " + largest);
  }

  private static float magnitude(HostTensor tensor) {
    float largest = 1;
    for (float value : tensor.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
