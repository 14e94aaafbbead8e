package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.tensor.HostTensor;

/** Differences of images, in steps of 8-bit colors. */
final class Steps {

  private static final double STEPS_PER_UNIT = 127.5;

  private Steps() {}

  /** The mean absolute difference of two images. */
  static double meanDifference(HostTensor a, HostTensor b) {
    assertEquals(a.shape(), b.shape());
    double sum = 0;
    for (int i = 0; i < a.values().length; i++) {
      sum += Math.abs(color(a.values()[i]) - color(b.values()[i]));
    }
    return STEPS_PER_UNIT * sum / a.values().length;
  }

  /** How far each column of an image differs from the one before, on average. */
  static double[] alongColumns(HostTensor image) {
    int width = (int) image.shape().dimension(-1);
    int lines = image.values().length / width;
    double[] steps = new double[width];
    for (int line = 0; line < lines; line++) {
      for (int x = 1; x < width; x++) {
        float here = color(image.values()[line * width + x]);
        float before = color(image.values()[line * width + x - 1]);
        steps[x] += STEPS_PER_UNIT * Math.abs(here - before) / lines;
      }
    }
    return steps;
  }

  private static float color(float value) {
    return Math.max(-1, Math.min(1, value));
  }
}
