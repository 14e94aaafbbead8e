package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Loads PyTorch and computes with it, in a process or class loader of its own. */
public final class EngineProgram {

  private EngineProgram() {}

  /** Prints what {@link #compute} gives. */
  public static void main(String[] arguments) {
    long t = System.nanoTime();
    System.out.println(compute());
    System.out.println((System.nanoTime() - t) / 1000000 + " ms");
  }

  /** {@return the sum of a product of matrices} */
  public static String compute() {
    try (NDManager manager = DjlEngine.get().newBaseManager();
        NDArray ones = manager.ones(new Shape(64, 64));
        NDArray product = ones.matMul(ones);
        NDArray sum = product.sum()) {
      return Float.toString(sum.getFloat());
    }
  }
}
