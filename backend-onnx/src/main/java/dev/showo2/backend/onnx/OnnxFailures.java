package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import dev.showo2.error.BackendException;
import dev.showo2.error.OutOfModelMemoryException;
import dev.showo2.error.ShowO2Exception;
import java.util.Locale;

/** The engine's exceptions as the SDK's. */
final class OnnxFailures {

  private OnnxFailures() {}

  static ShowO2Exception during(String what, OrtException e) {
    String message = String.valueOf(e.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("bad_alloc") || lower.contains("failed to allocate memory")) {
      return new OutOfModelMemoryException(
          what
              + ": ONNX Runtime could not allocate memory ("
              + message
              + "); free some, ask for a smaller picture, or open the backend with the option"
              + " memory-map=true",
          e);
    }
    return new BackendException(what + ": ONNX Runtime failed: " + message, e);
  }
}
