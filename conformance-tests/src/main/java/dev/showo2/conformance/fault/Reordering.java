package dev.showo2.conformance.fault;

import dev.showo2.tensor.HostTensor;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Weights whose rows or columns are in another order. */
final class Reordering {

  private Reordering() {}

  /**
   * @param source of each row; a bias has rows of one value
   */
  static UnaryOperator<HostTensor> rows(IntUnaryOperator source) {
    return weight -> {
      int rows = Math.toIntExact(weight.shape().dimension(0));
      int width = weight.values().length / rows;
      float[] values = new float[weight.values().length];
      for (int row = 0; row < rows; row++) {
        int from = source.applyAsInt(row) * width;
        System.arraycopy(weight.values(), from, values, row * width, width);
      }
      return new HostTensor(weight.shape(), values);
    };
  }

  /** The rows in equal parts, in a new order. */
  static UnaryOperator<HostTensor> rowParts(int... order) {
    return weight -> {
      int size = Math.toIntExact(weight.shape().dimension(0)) / order.length;
      return rows(row -> order[row / size] * size + row % size).apply(weight);
    };
  }

  /** The columns in equal parts, in a new order. */
  static UnaryOperator<HostTensor> columnParts(int... order) {
    return weight -> {
      int width = Math.toIntExact(weight.shape().dimension(-1));
      int size = width / order.length;
      float[] values = new float[weight.values().length];
      for (int i = 0; i < values.length; i += size) {
        int from = i / width * width + order[i % width / size] * size;
        System.arraycopy(weight.values(), from, values, i, size);
      }
      return new HostTensor(weight.shape(), values);
    };
  }
}
