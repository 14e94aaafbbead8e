package dev.showo2.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** Values for stages, and parts and distances of what they give. */
public final class Tensors {

  private Tensors() {}

  /** Normally distributed values that depend on the seed and the shape only. */
  public static HostTensor random(long seed, long... shape) {
    Random random = new Random(seed);
    HostTensor tensor = HostTensor.zeros(Shape.of(shape));
    for (int i = 0; i < tensor.values().length; i++) {
      tensor.values()[i] = (float) random.nextGaussian();
    }
    return tensor;
  }

  /** The values of a tensor, which is closed. */
  public static HostTensor take(Tensor tensor) {
    try (tensor) {
      return tensor.toHost();
    }
  }

  /** Positions of every sequence [B, S, D]. */
  public static HostTensor positions(HostTensor tensor, int from, int to) {
    int batch = (int) tensor.shape().dimension(0);
    int length = (int) tensor.shape().dimension(1);
    int width = (int) tensor.shape().dimension(2);
    HostTensor chosen = HostTensor.zeros(Shape.of(batch, to - from, width));
    int count = (to - from) * width;
    for (int row = 0; row < batch; row++) {
      System.arraycopy(
          tensor.values(), (row * length + from) * width, chosen.values(), row * count, count);
    }
    return chosen;
  }

  /** The second of two sequences [2, S, D]. */
  public static HostTensor secondRow(HostTensor pair) {
    int half = pair.values().length / 2;
    return new HostTensor(
        Shape.of(1, pair.shape().dimension(1), pair.shape().dimension(2)),
        Arrays.copyOfRange(pair.values(), half, 2 * half));
  }

  /** The largest absolute difference of two tensors of one shape. */
  public static float largestDifference(HostTensor a, HostTensor b) {
    assertEquals(a.shape(), b.shape());
    float largest = 0;
    for (int i = 0; i < a.values().length; i++) {
      largest = Math.max(largest, Math.abs(a.values()[i] - b.values()[i]));
    }
    return largest;
  }
}
