package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;

/** The one environment that ONNX Runtime has per process; it lives as long as the process. */
final class OnnxEnvironment {

  private OnnxEnvironment() {}

  static OrtEnvironment get() throws OrtException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "showo2");
    environment.setTelemetry(false);
    return environment;
  }
}
