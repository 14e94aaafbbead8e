package dev.showo2.conformance.reference;

import java.util.Arrays;
import java.util.List;

/**
 * A convolution over one to three frames. What lies outside of a frame is zero.
 *
 * @param weight [out, in · time · height · width]
 * @param kernelTime frames that it sees
 * @param kernelSide its height and width
 */
record Convolution(
    Weight weight, double[] bias, int in, int kernelTime, int kernelSide, Workers workers) {

  /** A kernel [out, in, time, side, side], its axes all given so that they are checked. */
  static Convolution overTime(Weights weights, String key, int out, int in, int time, int side) {
    Weight weight = weights.weight(key + ".weight", out, in, time, side, side);
    return new Convolution(
        weight, weights.vector(key + ".bias", out), in, time, side, weights.workers());
  }

  /** A kernel [out, in, side, side]. */
  static Convolution perFrame(Weights weights, String key, int out, int in, int side) {
    Weight weight = weights.weight(key + ".weight", out, in, side, side);
    return new Convolution(
        weight, weights.vector(key + ".bias", out), in, 1, side, weights.workers());
  }

  /** Stride 1, and as many zeros on all sides as keep the size. */
  Frame apply(Frame... window) {
    return apply(Arrays.asList(window), 1, kernelSide / 2);
  }

  /**
   * @param window as many frames as the kernel sees
   * @param stride the result is so many times smaller
   * @param before zeros above and on the left; below and on the right there are as many as needed
   */
  Frame apply(List<Frame> window, int stride, int before) {
    Frame size = window.get(0);
    Frame result = Frame.zeros(weight.rows(), size.height() / stride, size.width() / stride);
    long work = (long) result.values().length * weight.columns();
    workers.forEachRow(
        weight.rows(), work, output -> channel(window, stride, before, output, result));
    return result;
  }

  private void channel(List<Frame> window, int stride, int before, int output, Frame result) {
    Arrays.fill(result.values(), result.start(output), result.start(output + 1), bias[output]);
    double[] kernel = weight.row(output);
    int next = 0;
    for (int input = 0; input < in; input++) {
      for (int time = 0; time < kernelTime; time++) {
        for (int down = -before; down < kernelSide - before; down++) {
          for (int right = -before; right < kernelSide - before; right++) {
            Frame frame = window.get(time);
            addShifted(frame, input, down, right, stride, kernel[next++], result, output);
          }
        }
      }
    }
  }

  /** result(y, x) += factor · frame(y · stride + down, x · stride + right), within the frame. */
  private static void addShifted(
      Frame frame,
      int input,
      int down,
      int right,
      int stride,
      double factor,
      Frame result,
      int output) {
    double[] source = frame.values();
    double[] target = result.values();
    int firstX = right < 0 ? 1 : 0;
    int endX = Math.min(result.width(), (frame.width() - right + stride - 1) / stride);
    for (int y = 0; y < result.height(); y++) {
      int sourceY = y * stride + down;
      if (sourceY >= 0 && sourceY < frame.height()) {
        int from = frame.start(input) + sourceY * frame.width() + right;
        int to = result.start(output) + y * result.width();
        for (int x = firstX; x < endX; x++) {
          target[to + x] += factor * source[from + x * stride];
        }
      }
    }
  }
}
