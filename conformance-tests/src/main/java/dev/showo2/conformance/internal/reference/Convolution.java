package dev.showo2.conformance.internal.reference;

import java.util.Arrays;
import java.util.List;

/**
 * A convolution over one to three frames: a linear layer over the kernel's window at each position.
 * Values outside of a frame are zero.
 *
 * @param kernel [out, in · time · height · width]
 * @param in channels
 * @param time frames that the kernel sees
 * @param side its height and width
 */
record Convolution(Linear kernel, int in, int time, int side) {

  /** Values that are looked at together; few, so that large images need little memory. */
  private static final int LARGEST_BAND = 1 << 16;

  /** A kernel of shape [out, in, time, side, side]. */
  static Convolution overTime(Weights weights, String key, int out, int in, int time, int side) {
    Weight weight = weights.weight(key + ".weight", out, in, time, side, side);
    return of(weights, key, weight, in, time, side);
  }

  /** A kernel of shape [out, in, side, side]. */
  static Convolution perFrame(Weights weights, String key, int out, int in, int side) {
    Weight weight = weights.weight(key + ".weight", out, in, side, side);
    return of(weights, key, weight, in, 1, side);
  }

  private static Convolution of(
      Weights weights, String key, Weight weight, int in, int time, int side) {
    double[] bias = weights.vector(key + ".bias", weight.rows());
    return new Convolution(new Linear(weight, bias, weights.workers()), in, time, side);
  }

  /** Stride 1, and as many zeros on all sides as keep the size. */
  Frame apply(Frame... window) {
    return apply(Arrays.asList(window), 1, side / 2);
  }

  /**
   * @param window as many frames as the kernel sees
   * @param stride the result is so many times smaller
   * @param before zeros above and on the left; below and on the right there are as many as needed
   */
  Frame apply(List<Frame> window, int stride, int before) {
    Frame size = window.get(0);
    Frame result =
        Frame.zeros(kernel.weight().rows(), size.height() / stride, size.width() / stride);
    int columns = kernel.weight().columns();
    int width = result.width();
    int band = Math.max(1, LARGEST_BAND / columns / width);
    for (int top = 0; top < result.height(); top += band) {
      int rows = Math.min(band, result.height() - top);
      double[][] seen = seen(window, rows, width, top * stride - before, -before, stride);
      double[][] outputs = kernel.applyToColumns(seen);
      for (int channel = 0; channel < outputs.length; channel++) {
        int at = result.start(channel) + top * width;
        System.arraycopy(outputs[channel], 0, result.values(), at, rows * width);
      }
    }
    return result;
  }

  /**
   * Values that the kernel sees at the positions of a band, one column for each position.
   *
   * @param top row of the window's frames that the kernel's upper edge sees first
   * @param left column that its left edge sees first
   * @return [in · time · height · width][rows · width]
   */
  private double[][] seen(List<Frame> window, int rows, int width, int top, int left, int stride) {
    double[][] seen = new double[kernel.weight().columns()][rows * width];
    int element = 0;
    for (int channel = 0; channel < in; channel++) {
      for (Frame frame : window) {
        for (int i = 0; i < side * side; i++) {
          int right = left + i % side;
          for (int row = 0; row < rows; row++) {
            int y = top + row * stride + i / side;
            if (y >= 0 && y < frame.height()) {
              int from = frame.start(channel) + y * frame.width();
              copy(frame, from, right, stride, seen[element], row * width, width);
            }
          }
          element++;
        }
      }
    }
    return seen;
  }

  /** Copies each stride-th value of a frame's row from index {@code first} on, if there is one. */
  private static void copy(
      Frame frame, int row, int first, int stride, double[] target, int to, int width) {
    int begin = first < 0 ? (-first + stride - 1) / stride : 0;
    int end = Math.min(width, (frame.width() - first + stride - 1) / stride);
    if (stride == 1) {
      System.arraycopy(frame.values(), row + first + begin, target, to + begin, end - begin);
    } else {
      for (int x = begin; x < end; x++) {
        target[to + x] = frame.values()[row + first + x * stride];
      }
    }
  }
}
