package dev.showo2.conformance.internal.reference;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * One frame of an image or video at some layer of a network: values [C, h, w]. Whoever makes a
 * frame fills it; after that it never changes and may be shared.
 */
record Frame(int channels, int height, int width, double[] values) {

  static Frame zeros(int channels, int height, int width) {
    int length = Matrix.arrayLength((long) channels * height * width);
    return new Frame(channels, height, width, new double[length]);
  }

  /** Where a channel begins in {@link #values}. */
  int start(int channel) {
    return channel * height * width;
  }

  Frame map(DoubleUnaryOperator operator) {
    Frame result = zeros(channels, height, width);
    for (int i = 0; i < values.length; i++) {
      result.values[i] = operator.applyAsDouble(values[i]);
    }
    return result;
  }

  Frame plus(Frame other) {
    Frame sum = zeros(channels, height, width);
    for (int i = 0; i < values.length; i++) {
      sum.values[i] = values[i] + other.values[i];
    }
    return sum;
  }

  Frame channels(int from, int to) {
    return new Frame(to - from, height, width, Arrays.copyOfRange(values, start(from), start(to)));
  }

  /** [C, h · w], of the same values. */
  Matrix matrix() {
    return new Matrix(channels, height * width, values);
  }

  /** Nearest-exact ×2: each value four times. */
  Frame doubled() {
    Frame result = zeros(channels, 2 * height, 2 * width);
    for (int i = 0; i < result.values.length; i++) {
      int row = i / result.width;
      // Rows of all channels follow each other, and channels have an even number of them.
      result.values[i] = values[row / 2 * width + i % result.width / 2];
    }
    return result;
  }

  /** The frames of each sample of [B, C, F, h, w]. */
  static List<List<Frame>> samples(HostTensor video) {
    int batch = Math.toIntExact(video.shape().dimension(0));
    int channels = Math.toIntExact(video.shape().dimension(1));
    int frames = Math.toIntExact(video.shape().dimension(2));
    int height = Math.toIntExact(video.shape().dimension(3));
    int width = Math.toIntExact(video.shape().dimension(4));
    int plane = height * width;
    List<List<Frame>> samples = new ArrayList<>();
    for (int sample = 0; sample < batch; sample++) {
      List<Frame> clip = new ArrayList<>();
      for (int t = 0; t < frames; t++) {
        Frame frame = zeros(channels, height, width);
        for (int channel = 0; channel < channels; channel++) {
          int from = ((sample * channels + channel) * frames + t) * plane;
          for (int i = 0; i < plane; i++) {
            frame.values[channel * plane + i] = video.values()[from + i];
          }
        }
        clip.add(frame);
      }
      samples.add(clip);
    }
    return samples;
  }

  /** [B, C, F, h, w] of samples of equal size, rounded to 32-bit floats. */
  static HostTensor toTensor(List<List<Frame>> samples) {
    int frames = samples.get(0).size();
    Frame first = samples.get(0).get(0);
    HostTensor video =
        HostTensor.zeros(
            Shape.of(samples.size(), first.channels, frames, first.height, first.width));
    int next = 0;
    for (List<Frame> clip : samples) {
      for (int channel = 0; channel < first.channels; channel++) {
        for (Frame frame : clip) {
          for (int i = frame.start(channel); i < frame.start(channel + 1); i++) {
            video.values()[next++] = (float) frame.values[i];
          }
        }
      }
    }
    return video;
  }
}
