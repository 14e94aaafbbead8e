package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import java.util.List;
import java.util.Locale;

/** The engine's exceptions as the SDK's. */
final class OnnxFailures {

  /** What the engine says with its arena, without it, and where a device refuses. */
  private static final List<String> OUT_OF_MEMORY =
      List.of("failed to allocate memory", "bad_alloc", "out of memory", "alloc_failed");

  private OnnxFailures() {}

  /**
   * Java's buffers are indexed by an int, and so is what the engine's binding makes of a tensor.
   */
  static InsufficientMemoryException tooLargeForABuffer(long bytes) {
    return new InsufficientMemoryException(
        "a tensor of "
            + (bytes >> 20)
            + " MiB is more than a Java buffer holds; ask for a smaller image");
  }

  static ShowO2Exception during(String what, OrtException e) {
    String message = String.valueOf(e.getMessage()).strip();
    String lower = message.toLowerCase(Locale.ROOT);
    if (OUT_OF_MEMORY.stream().anyMatch(lower::contains)) {
      return new InsufficientMemoryException(
          what
              + ": ONNX Runtime could not allocate memory ("
              + message
              + "); free some, ask for a smaller image, or open the backend with the option"
              + " memory-map=true",
          e);
    }
    return new BackendException(what + ": ONNX Runtime failed: " + message, e);
  }
}
