package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.showo2.error.CancelledException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of a bundle's graphs, each opened once and closed in reverse order. The graphs of
 * streams wait for the first stream: a program that makes no videos need not hold the VAE's weights
 * three times over.
 */
final class OnnxSessions implements AutoCloseable {

  private record Key(Stage stage, String part) {}

  private final OrtEnvironment environment;
  private final Bundle bundle;
  private final OnnxOptions options;
  private final BackendLifetime lifetime;
  private final Map<Key, OnnxGraph> graphs = new HashMap<>();
  private final Closer opened = new Closer();
  private final RunSwitch runs;
  private final OnnxGraph.Transfers transfers = new OnnxGraph.Transfers();

  private OnnxSessions(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options, BackendLifetime lifetime) {
    this.runs = opened.add(RunSwitch.create(lifetime));
    this.environment = environment;
    this.bundle = bundle;
    this.options = options;
    this.lifetime = lifetime;
  }

  static OnnxSessions open(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options, BackendLifetime lifetime) {
    OnnxSessions sessions = new OnnxSessions(environment, bundle, options, lifetime);
    try (Closer closer = new Closer()) {
      closer.add(sessions);
      for (Stage stage : Stage.values()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancelledException("cancelled: the thread was interrupted");
        }
        if (sessions.file(stage, GraphFile.MAIN).isPresent()) {
          sessions.graph(stage);
        }
      }
      closer.keepAll();
      return sessions;
    }
  }

  /** The stages that the bundle has all graphs of. */
  Set<Stage> stages() {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      if (has(stage)) {
        stages.add(stage);
      }
    }
    return stages;
  }

  boolean has(Stage stage) {
    return file(stage, GraphFile.MAIN).isPresent()
        || file(stage, GraphFile.FIRST).isPresent() && file(stage, GraphFile.NEXT).isPresent();
  }

  /** Stages whose graph is the same in all dialects have a portable one only. */
  private Optional<Path> file(Stage stage, String part) {
    return bundle
        .graph(stage, part, options.dialect())
        .or(() -> bundle.graph(stage, part, GraphFile.PORTABLE));
  }

  /**
   * @throws dev.showo2.error.UnsupportedFeatureException if the bundle has no graph of this stage
   */
  OnnxGraph graph(Stage stage) {
    return graph(stage, GraphFile.MAIN);
  }

  /**
   * @throws dev.showo2.error.UnsupportedFeatureException if the bundle has no such graph
   * @throws IllegalStateException if the backend is closed
   */
  OnnxGraph graph(Stage stage, String part) {
    // Else a session that is opened late would never be closed.
    return lifetime.call(() -> openedOnce(stage, part));
  }

  private synchronized OnnxGraph openedOnce(Stage stage, String part) {
    Key key = new Key(stage, part);
    OnnxGraph graph = graphs.get(key);
    if (graph == null) {
      Optional<Path> file = file(stage, part);
      if (file.isEmpty()) {
        throw OnnxBackend.missingGraph(stage);
      }
      graph =
          opened.add(
              new OnnxGraph(
                  stage, session(stage, file.get()), runs.options(), lifetime, transfers));
      graphs.put(key, graph);
    }
    return graph;
  }

  private OrtSession session(Stage stage, Path file) {
    try (OrtSession.SessionOptions sessionOptions = options.toSessionOptions()) {
      return environment.createSession(file.toString(), sessionOptions);
    } catch (OrtException e) {
      Optional<UnsupportedFeatureException> noGpu =
          options.cuda().flatMap(provider -> provider.noGpu(e));
      if (noGpu.isPresent()) {
        throw noGpu.get();
      }
      throw OnnxContext.FAILURES.during(
          lifetime, "opening stage " + stage.id() + " from " + file, e);
    }
  }

  /** What all graphs were given and gave. */
  OnnxGraph.Transfers transfers() {
    return transfers;
  }

  @Override
  public synchronized void close() {
    opened.close();
    graphs.clear();
  }

  /** Ends the runs of all sessions when the JVM ends. */
  private static final class RunSwitch implements AutoCloseable {

    private final OrtSession.RunOptions options;
    private boolean closed;

    private RunSwitch(OrtSession.RunOptions options) {
      this.options = options;
    }

    static RunSwitch create(BackendLifetime lifetime) {
      try {
        RunSwitch runs = new RunSwitch(new OrtSession.RunOptions());
        lifetime.onCancel(runs::terminate);
        return runs;
      } catch (OrtException e) {
        throw OnnxContext.FAILURES.during(lifetime, "making options of runs", e);
      }
    }

    OrtSession.RunOptions options() {
      return options;
    }

    private synchronized void terminate() {
      if (!closed) {
        try {
          options.setTerminate(true);
        } catch (OrtException e) {
          // The runs then end by themselves, which is waited for.
        }
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        options.close();
      }
    }
  }
}
