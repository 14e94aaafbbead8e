package dev.showo2.backend.onnx;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.EngineFailures;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.stage.Stage;

/**
 * The parts of one backend that all its stages use.
 *
 * @param lifetime of the backend
 * @param sessions of the bundle's graphs
 * @param values makes inputs
 * @param arguments checks what stages are given
 */
record OnnxContext(
    BackendLifetime lifetime,
    Architecture architecture,
    OnnxSessions sessions,
    OnnxValues values,
    StageArguments<OnnxValueTensor, OnnxKvCache> arguments) {

  /**
   * The messages by which the engine reports a lack of memory, with and without its arena, and
   * within the limit for a GPU.
   */
  static final EngineFailures FAILURES =
      new EngineFailures(
          "ONNX Runtime",
          EngineFailures.messageContains(
              "failed to allocate memory",
              "bad_alloc",
              "out of memory",
              "alloc_failed",
              "is smaller than requested bytes"),
          "free some, ask for a smaller image, or open the backend with the option"
              + " memory-map=true");

  OnnxContext(
      BackendLifetime lifetime,
      Architecture architecture,
      OnnxSessions sessions,
      OnnxValues values) {
    this(
        lifetime,
        architecture,
        sessions,
        values,
        new StageArguments<>(architecture, lifetime, OnnxValueTensor.class, OnnxKvCache.class));
  }

  /** A run of the main graph of a stage. */
  OnnxCall call(Stage stage) {
    return call(sessions.graph(stage));
  }

  /** A run of a graph; the caller closes it. */
  OnnxCall call(OnnxGraph graph) {
    return new OnnxCall(graph, values);
  }

  OnnxValueTensor tensor(NativeValue value) {
    return new OnnxValueTensor(lifetime, value);
  }
}
