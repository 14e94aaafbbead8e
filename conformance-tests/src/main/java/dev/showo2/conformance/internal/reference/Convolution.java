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
  private static final int LARGEST_BAND = 1 << 21;

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
    int band = Math.max(1, LARGEST_BAND / columns / result.width());
    for (int top = 0; top < result.height(); top += band) {
      int bottom = Math.min(result.height(), top + band);
      Matrix seen = Matrix.zeros((bottom - top) * result.width(), columns);
      for (int row = 0; row < seen.rows(); row++) {
        int y = (top + row / result.width()) * stride - before;
        int x = row % result.width() * stride - before;
        look(window, y, x, seen.values(), seen.start(row));
      }
      Matrix outputs = kernel.apply(seen);
      for (int row = 0; row < outputs.rows(); row++) {
        for (int channel = 0; channel < outputs.columns(); channel++) {
          int at = result.start(channel) + top * result.width() + row;
          result.values()[at] = outputs.values()[outputs.start(row) + channel];
        }
      }
    }
    return result;
  }

  /** Copies what the kernel sees with its upper left corner at (top, left): [in, time, y, x]. */
  private void look(List<Frame> window, int top, int left, double[] target, int at) {
    for (int channel = 0; channel < in; channel++) {
      for (Frame frame : window) {
        for (int y = top; y < top + side; y++) {
          if (y >= 0 && y < frame.height()) {
            int row = frame.start(channel) + y * frame.width();
            int from = Math.max(0, left);
            int to = Math.min(frame.width(), left + side);
            for (int x = from; x < to; x++) {
              target[at + x - left] = frame.values()[row + x];
            }
          }
          at += side;
        }
      }
    }
  }
}
