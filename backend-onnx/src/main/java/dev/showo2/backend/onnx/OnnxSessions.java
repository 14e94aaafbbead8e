package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sessions of all graphs that a bundle has, opened together and closed in reverse order. */
final class OnnxSessions implements AutoCloseable {

  private final Map<Stage, OnnxGraph> graphs = new EnumMap<>(Stage.class);

  private OnnxSessions() {}

  static OnnxSessions open(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options, Lifetime lifetime) {
    OnnxSessions sessions = new OnnxSessions();
    try {
      for (Stage stage : Stage.values()) {
        Optional<Path> file = bundle.graph(stage, GraphFile.PORTABLE);
        if (file.isPresent()) {
          OrtSession session = session(environment, stage, file.get(), options);
          sessions.graphs.put(stage, new OnnxGraph(stage, session, lifetime));
        }
      }
      return sessions;
    } catch (RuntimeException | Error e) {
      sessions.closeAfter(e);
      throw e;
    }
  }

  private static OrtSession session(
      OrtEnvironment environment, Stage stage, Path file, OnnxOptions options) {
    try (OrtSession.SessionOptions sessionOptions = options.toSessionOptions()) {
      return environment.createSession(file.toString(), sessionOptions);
    } catch (OrtException e) {
      throw OnnxFailures.during("opening stage " + stage.id() + " from " + file, e);
    }
  }

  boolean has(Stage stage) {
    return graphs.containsKey(stage);
  }

  /**
   * @throws dev.showo2.error.UnsupportedFeatureException if the bundle has no graph of this stage
   */
  OnnxGraph graph(Stage stage) {
    OnnxGraph graph = graphs.get(stage);
    if (graph == null) {
      throw OnnxBackend.missing(stage);
    }
    return graph;
  }

  Map<Stage, OnnxGraph> all() {
    return Collections.unmodifiableMap(graphs);
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    List<OnnxGraph> reversed = new ArrayList<>(graphs.values());
    Collections.reverse(reversed);
    for (OnnxGraph graph : reversed) {
      try {
        graph.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void closeAfter(Throwable cause) {
    try {
      close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
