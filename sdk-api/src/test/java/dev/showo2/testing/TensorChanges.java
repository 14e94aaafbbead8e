package dev.showo2.testing;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.function.UnaryOperator;

/** Changes of results, each of which gives another tensor. */
public final class TensorChanges {

  private TensorChanges() {}

  /** All values are multiplied. */
  public static UnaryOperator<HostTensor> scaled(float factor) {
    return tensor -> {
      float[] values = tensor.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      return new HostTensor(tensor.shape(), values);
    };
  }

  /** The last value is another one. */
  public static UnaryOperator<HostTensor> endingWith(float value) {
    return tensor -> {
      float[] values = tensor.values().clone();
      values[values.length - 1] = value;
      return new HostTensor(tensor.shape(), values);
    };
  }

  /** Zeros with one row too many along the second axis. */
  public static UnaryOperator<HostTensor> tooLong() {
    return tensor -> {
      long[] shape = tensor.shape().toArray();
      shape[1]++;
      return HostTensor.zeros(Shape.of(shape));
    };
  }

  public static UnaryOperator<HostTensor> failing(RuntimeException failure) {
    return tensor -> {
      throw failure;
    };
  }
}
