package dev.showo2.export.internal.calibration;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;

/**
 * Activations of all tokens at one layer of the network, in fp32 and quantized side by side.
 *
 * <p>Transposed: each channel has one array with the tokens of the fp32 stream and, where there are
 * two streams, those of the quantized one after them. So the innermost loop of a product goes over
 * tokens, which a JVM turns into vector instructions; sums along channels it does not.
 *
 * <p>Whoever makes activations may still change them; after they were handed on nobody does.
 *
 * @param tokens of each stream
 * @param streams 1, fp32 only, or 2
 * @param values [channels][streams · tokens]
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
record Activations(int tokens, int streams, float[][] values) {

  static Activations zeros(int channels, int tokens, int streams) {
    return new Activations(tokens, streams, new float[channels][tokens * streams]);
  }

  /**
   * Token by token as tensors are laid out, to channel by channel.
   *
   * @param parts [1, Sᵢ, channels], joined along S
   * @param streams that begin with the same values
   */
  static Activations of(List<HostTensor> parts, int streams) {
    int channels = Math.toIntExact(parts.get(0).shape().dimension(2));
    int tokens = 0;
    for (HostTensor part : parts) {
      tokens += Math.toIntExact(part.shape().dimension(1));
    }
    Activations result = zeros(channels, tokens, streams);
    int token = 0;
    for (HostTensor part : parts) {
      for (int i = 0; i < part.values().length; i++) {
        for (int stream = 0; stream < streams; stream++) {
          int column = stream * tokens + token + i / channels;
          result.values[i % channels][column] = part.values()[i];
        }
      }
      token += part.values().length / channels;
    }
    return result;
  }

  int channels() {
    return values.length;
  }

  int columns() {
    return tokens * streams;
  }

  /** The fp32 stream between two positions, [1, to - from, channels]. */
  HostTensor fp32(int from, int to) {
    return tensor(0, from, to);
  }

  /** The last stream between two positions: the quantized one if there are two. */
  HostTensor quantized(int from, int to) {
    return tensor(streams - 1, from, to);
  }

  private HostTensor tensor(int stream, int from, int to) {
    HostTensor tensor = HostTensor.zeros(Shape.of(1, to - from, channels()));
    int next = 0;
    for (int token = from; token < to; token++) {
      for (float[] channel : values) {
        tensor.values()[next++] = channel[stream * tokens + token];
      }
    }
    return tensor;
  }

  /** All channels of both, those of the other after these. */
  Activations beside(Activations other) {
    float[][] both = new float[channels() + other.channels()][];
    System.arraycopy(values, 0, both, 0, channels());
    System.arraycopy(other.values, 0, both, channels(), other.channels());
    return new Activations(tokens, streams, both);
  }

  /** Adds others to these. */
  void add(Activations others) {
    for (int channel = 0; channel < values.length; channel++) {
      float[] sums = values[channel];
      float[] summands = others.values[channel];
      for (int i = 0; i < sums.length; i++) {
        sums[i] += summands[i];
      }
    }
  }
}
