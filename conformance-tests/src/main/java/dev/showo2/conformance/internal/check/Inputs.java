package dev.showo2.conformance.internal.check;

import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/** Seeded inputs, the same on every machine. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Inputs {

  private Inputs() {}

  /** Normally distributed values. */
  public static HostTensor normal(long seed, long... shape) {
    Shape sizes = Shape.of(shape);
    return new HostTensor(
        sizes, new TorchRandom(seed).normals(Math.toIntExact(sizes.elementCount())));
  }

  /** Positions [B, S, D]: embeddings for the backbone, or hidden states for the flow head. */
  public static HostTensor positions(CheckContext context, long seed, int batch, int length) {
    return normal(seed, batch, length, context.bundle().architecture().backbone().hiddenSize());
  }

  /** Time vectors [B, H] as the reference embeds these times. */
  public static HostTensor timeVectors(CheckContext context, float... times) {
    try (TimeFeatures features =
        context.reference().timeEmbedding().embed(TimeEmbeddingRequest.of(times))) {
      return features.vector().toHost();
    }
  }

  /** Pixels in -1 … 1; some are at the ends. */
  public static HostTensor pixels(long seed, long... shape) {
    HostTensor pixels = scaled(normal(seed, shape), 0.5f);
    for (int i = 0; i < pixels.values().length; i++) {
      pixels.values()[i] = Math.max(-1, Math.min(1, pixels.values()[i]));
    }
    return pixels;
  }

  public static HostTensor scaled(HostTensor tensor, float factor) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return new HostTensor(tensor.shape(), values);
  }

  /** The same sequence [B, S, D] with other values at one position of every row. */
  public static HostTensor withOther(HostTensor sequence, int position, long seed) {
    int length = (int) sequence.shape().dimension(1);
    int width = (int) sequence.shape().dimension(2);
    int batch = (int) sequence.shape().dimension(0);
    float[] values = sequence.values().clone();
    float[] others = new TorchRandom(seed).normals(batch * width);
    for (int row = 0; row < batch; row++) {
      System.arraycopy(others, row * width, values, (row * length + position) * width, width);
    }
    return new HostTensor(sequence.shape(), values);
  }
}
