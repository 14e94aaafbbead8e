package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import java.util.Locale;

/** A GPU, and what becomes of calls that failed there. Thread-safe. */
final class CudaDevice {

  static final String MEMORY_ADVICE =
      "ask for a smaller image or batch, end other programs on the GPU, or choose a smaller"
          + " precision or weight streaming";

  private final CudaCalls cuda;
  private final int index;

  CudaDevice(CudaCalls cuda, int index) {
    this.cuda = cuda;
    this.index = index;
  }

  /** The calls, made on this GPU: CUDA keeps for each thread which GPU it means. */
  CudaCalls cuda() {
    check(cuda.setDevice(index), "choosing GPU " + index);
    return cuda;
  }

  /** The calls that free something, which are made even if the GPU cannot be chosen any more. */
  CudaCalls toFree() {
    if (cuda.setDevice(index) != 0) {
      cuda.clearError();
    }
    return cuda;
  }

  int index() {
    return index;
  }

  /** Throws for the code of a call that failed. */
  void check(int code, String activity) {
    check(cuda, code, activity);
  }

  static void check(CudaCalls cuda, int code, String activity) {
    if (code == 0) {
      return;
    }
    String error = cuda.describe(code) + " (CUDA error " + code + ")";
    // TensorRT asks for the last error after its own calls and would take this one for theirs.
    cuda.clearError();
    if (code == CudaCalls.OUT_OF_MEMORY) {
      throw new InsufficientMemoryException(
          activity + ": the GPU has no room: " + error + "; " + MEMORY_ADVICE);
    }
    throw new BackendException(activity + ": CUDA failed: " + error);
  }

  /**
   * The exception for a call of TensorRT that failed.
   *
   * @param messages what TensorRT reported
   */
  static ShowO2Exception failure(String activity, String messages) {
    String text =
        activity + ": TensorRT failed: " + (messages.isEmpty() ? "it gave no reason" : messages);
    String lower = messages.toLowerCase(Locale.ROOT);
    return lower.contains("out of memory")
            || lower.contains("outofmemory")
            || lower.contains("could not be allocated")
            || lower.contains("insufficient memory")
        ? new InsufficientMemoryException(text + "; " + MEMORY_ADVICE)
        : new BackendException(text);
  }
}
