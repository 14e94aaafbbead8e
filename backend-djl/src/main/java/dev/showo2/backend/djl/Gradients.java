package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * PyTorch's gradients, recorded where asked and nowhere else. DJL's own collector knows one
 * computation at a time in a process, and records all of it.
 */
final class Gradients {

  /** DJL answers this for leaves alone. */
  private static final TorchScript REQUIRES_GRADIENT =
      TorchScript.compile("torch.tensor(x.requires_grad)", "x");

  private Gradients() {}

  /**
   * Adds a scalar whose gradient at an array is the gradient that its leaf has.
   *
   * @param array may be null
   */
  static void addRoot(NDArray array, NDArray leaf, NDList roots) {
    if (array == null || !requiresGradient(array)) {
      return;
    }
    NDArray gradient = JniUtils.getGradient((PtNDArray) leaf);
    if (gradient != null) {
      try (gradient) {
        roots.add(recording(() -> array.mul(gradient).sum()));
      }
    }
  }

  /**
   * An array that collects gradients and does not hand them on; the array itself if it has none.
   */
  static NDArray leaf(NDArray array) {
    if (array == null || !requiresGradient(array)) {
      return array;
    }
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  static boolean requiresGradient(NDArray array) {
    try (NDArray answer = REQUIRES_GRADIENT.call(array)) {
      return answer.getBoolean();
    }
  }

  static void backward(NDArray loss, double factor) {
    if (factor != 0 && requiresGradient(loss)) {
      try (NDArray gradient = loss.onesLike().mul(factor)) {
        JniUtils.backward((PtNDArray) loss, (PtNDArray) gradient, false, false);
      }
    }
  }

  /** Adds the gradients of the sum of scalars to those of all leaves on which they depend. */
  static void backward(NDList scalars) {
    recording(() -> scalars.stream().reduce(NDArray::add)).ifPresent(sum -> backward(sum, 1));
  }

  static <T> T recording(Supplier<T> computation) {
    JniUtils.setGradMode(true);
    try {
      return computation.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }
}
