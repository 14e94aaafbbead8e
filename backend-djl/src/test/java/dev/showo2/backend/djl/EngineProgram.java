package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.error.BackendException;
import java.util.Properties;

/** Loads PyTorch and computes with it, in a process or class loader of its own. */
public final class EngineProgram {

  /** What {@link #compute} gives. */
  static final String SUM = "262144.0";

  private EngineProgram() {}

  /** Prints what it computed, and what it left in the process. */
  public static void main(String[] arguments) {
    ConnectionGuard.install();
    Properties before = (Properties) System.getProperties().clone();
    try {
      System.out.println(compute());
    } catch (BackendException e) {
      System.out.println(e.getMessage());
    }
    System.out.println("properties " + GuestProgram.changed(before));
    System.out.println("connections " + ConnectionGuard.tried());
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
