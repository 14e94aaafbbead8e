package dev.showo2.bench.internal;

import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Random;

/** Inputs of stages, the same in every run. */
final class RandomInputs {

  private static final int SEED = 1;

  private RandomInputs() {}

  /** Normally distributed values of a shape; the caller closes the tensor. */
  static Tensor upload(Backend backend, long... shape) {
    Random random = new Random(SEED);
    HostTensor values = HostTensor.zeros(Shape.of(shape));
    for (int i = 0; i < values.values().length; i++) {
      values.values()[i] = (float) random.nextGaussian();
    }
    return backend.upload(values);
  }

  /** Token ids of one row. */
  static int[][] ids(int count, int vocabulary) {
    return new int[][] {new Random(SEED).ints(count, 0, vocabulary).toArray()};
  }
}
