package dev.showo2.pipeline.internal;

/** Linear regression with a constant term. */
final class LeastSquares {

  /** Against latents that hardly differ in a channel; far below the variance of those that do. */
  private static final double RIDGE = 1e-3;

  private LeastSquares() {}

  /**
   * @param inputs [N, C]
   * @param outputs [N]
   * @return C weights, then the constant
   */
  static double[] fit(double[][] inputs, double[] outputs) {
    int size = inputs[0].length + 1;
    double[][] normal = new double[size][size + 1];
    for (int n = 0; n < inputs.length; n++) {
      for (int i = 0; i < size; i++) {
        double left = value(inputs[n], i);
        for (int j = 0; j < size; j++) {
          normal[i][j] += left * value(inputs[n], j);
        }
        normal[i][size] += left * outputs[n];
      }
    }
    for (int i = 0; i < size - 1; i++) {
      normal[i][i] += RIDGE * inputs.length;
    }
    return solve(normal);
  }

  private static double value(double[] input, int index) {
    return index < input.length ? input[index] : 1;
  }

  /** Elimination without pivoting: the matrix is symmetric and positive definite. */
  private static double[] solve(double[][] rows) {
    int size = rows.length;
    for (int pivot = 0; pivot < size; pivot++) {
      for (int row = 0; row < size; row++) {
        if (row != pivot) {
          double factor = rows[row][pivot] / rows[pivot][pivot];
          for (int column = pivot; column <= size; column++) {
            rows[row][column] -= factor * rows[pivot][column];
          }
        }
      }
    }
    double[] solution = new double[size];
    for (int i = 0; i < size; i++) {
      solution[i] = rows[i][size] / rows[i][i];
    }
    return solution;
  }
}
