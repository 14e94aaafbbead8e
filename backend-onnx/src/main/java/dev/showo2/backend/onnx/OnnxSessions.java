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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The sessions of a bundle's graphs, each opened once and closed in reverse order. Those with large
 * weights are opened on a thread of their own, or by the first call that comes before it; what one
 * fails with, the call that needs it reports. The graphs of streams wait for the first stream: a
 * program that makes no videos need not hold the VAE's weights three times over.
 */
final class OnnxSessions implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(OnnxSessions.class.getName());

  /** In the order in which a request for an image comes to them. */
  private static final List<Stage> MOST_WEIGHTS =
      List.of(
          Stage.BACKBONE,
          Stage.FLOW_HEAD,
          Stage.FUSION,
          Stage.LANGUAGE_HEAD,
          Stage.VAE_IMAGE_DECODER,
          Stage.VAE_IMAGE_ENCODER);

  private record Key(Stage stage, String part) {}

  /** A graph that one thread opens and others wait for. */
  private static final class Slot {

    private OnnxGraph graph;
  }

  private final OrtEnvironment environment;
  private final Bundle bundle;
  private final OnnxOptions options;
  private final BackendLifetime lifetime;
  private final Map<Key, Slot> graphs = new ConcurrentHashMap<>();

  /** Also guards {@link #closed}. */
  private final Closer opened = new Closer();

  private boolean closed;
  private final RunSwitch runs;
  private final Optional<PackedGraphs> packed;
  private final OnnxGraph.Transfers transfers = new OnnxGraph.Transfers();

  private OnnxSessions(
      OrtEnvironment environment,
      Bundle bundle,
      OnnxOptions options,
      BackendLifetime lifetime,
      Optional<PackedGraphs> packed) {
    this.runs = opened.add(RunSwitch.create(lifetime, options.memoryArena()));
    this.environment = environment;
    this.bundle = bundle;
    this.options = options;
    this.lifetime = lifetime;
    this.packed = packed;
    packed.ifPresent(opened::add);
  }

  static OnnxSessions open(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options, BackendLifetime lifetime) {
    try (Closer closer = new Closer()) {
      Optional<PackedGraphs> packed = PackedGraphs.open(environment, bundle, options);
      packed.ifPresent(closer::add);
      OnnxSessions sessions =
          closer.add(new OnnxSessions(environment, bundle, options, lifetime, packed));
      List<Stage> later = MOST_WEIGHTS.stream().filter(sessions::opensLater).toList();
      for (Stage stage : Stage.values()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancelledException("cancelled: the thread was interrupted");
        }
        if (sessions.file(stage, GraphFile.MAIN).isPresent() && !later.contains(stage)) {
          sessions.graph(stage);
        }
      }
      sessions.openLater(later);
      closer.keepAll();
      return sessions;
    }
  }

  private boolean opensLater(Stage stage) {
    return options.opensInBackground()
        && file(stage, GraphFile.MAIN)
            .filter(
                file ->
                    GraphWeights.of(bundle, file).bytes() >= options.packing().largeGraphBytes())
            .isPresent();
  }

  private void openLater(List<Stage> stages) {
    if (stages.isEmpty()) {
      return;
    }
    Thread thread =
        new Thread(
            () -> {
              for (Stage stage : stages) {
                try {
                  graph(stage);
                } catch (RuntimeException e) {
                  // The call that needs the stage tries again, and reports it.
                  LOG.log(
                      System.Logger.Level.DEBUG,
                      () -> "stage " + stage.id() + " was not opened in the background",
                      e);
                }
              }
            },
            "showo2-onnx-opening");
    thread.setDaemon(true);
    thread.start();
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

  /**
   * Whether the graphs of a stage of the VAE hold the scores of attention, as portable ones do, and
   * all that were exported before this dialect had others.
   */
  boolean holdsScores(Stage stage) {
    return Stream.of(GraphFile.MAIN, GraphFile.FIRST)
        .allMatch(
            part ->
                bundle.graph(stage, part, options.dialect()).isEmpty()
                    || options.dialect().equals(GraphFile.PORTABLE));
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

  private OnnxGraph openedOnce(Stage stage, String part) {
    Slot slot = graphs.computeIfAbsent(new Key(stage, part), key -> new Slot());
    synchronized (slot) {
      if (slot.graph == null) {
        Path file = file(stage, part).orElseThrow(() -> OnnxBackend.missingGraph(stage));
        slot.graph = open(stage, file);
      }
      return slot.graph;
    }
  }

  private OnnxGraph open(Stage stage, Path file) {
    Optional<PackedGraphs.Mapped> mapped =
        MOST_WEIGHTS.contains(stage)
            ? packed.flatMap(graphs -> graphs.session(file))
            : Optional.empty();
    try (Closer closer = new Closer()) {
      mapped.ifPresent(each -> closer.add(each.entry()));
      OnnxGraph graph =
          closer.add(
              new OnnxGraph(
                  stage,
                  mapped.isPresent() ? mapped.get().session() : session(stage, file),
                  runs,
                  lifetime,
                  transfers));
      keep(mapped, graph);
      closer.keepAll();
      return graph;
    }
  }

  /** The weights of a graph are in use until it is closed, which is before they are. */
  private void keep(Optional<PackedGraphs.Mapped> mapped, OnnxGraph graph) {
    synchronized (opened) {
      if (closed) {
        throw new IllegalStateException("the sessions of this backend are closed");
      }
      mapped.ifPresent(each -> opened.add(each.entry()));
      opened.add(graph);
    }
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
  public void close() {
    synchronized (opened) {
      closed = true;
      opened.close();
    }
    graphs.clear();
  }
}
