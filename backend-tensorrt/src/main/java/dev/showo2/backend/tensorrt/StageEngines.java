package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.error.CancelledException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The engines of a bundle's graphs, each opened once and closed in reverse order. Those of streams
 * wait for the first stream: a program that makes no videos need not hold the VAE's weights three
 * times over. Thread-safe.
 */
final class StageEngines implements AutoCloseable {

  private record Key(Stage stage, String part) {}

  private final Bundle bundle;
  private final Profiles profiles;
  private final EngineSource source;
  private final BackendLifetime lifetime;
  private final DeviceQueue queue;
  private final Map<Key, StageEngine> engines = new HashMap<>();
  private final Closer opened = new Closer();

  /** Builds engines or finds those that were built before. */
  @FunctionalInterface
  interface EngineSource {

    /**
     * @param weightFiles names of the bundle's files that hold weights of the graph
     */
    Engine engine(Stage stage, EngineSpec spec, Set<String> weightFiles);
  }

  StageEngines(
      Bundle bundle,
      Profiles profiles,
      EngineSource source,
      BackendLifetime lifetime,
      DeviceQueue queue) {
    this.bundle = bundle;
    this.profiles = profiles;
    this.source = source;
    this.lifetime = lifetime;
    this.queue = queue;
  }

  /** Opens the engines of all stages but the embedding of text and those of streams. */
  void open() {
    for (Stage stage : Stage.values()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancelledException("cancelled: the thread was interrupted");
      }
      // Rows of the embedding matrix are looked up on the host.
      if (stage != Stage.TEXT_EMBEDDING && file(stage, GraphFile.MAIN).isPresent()) {
        engine(stage, GraphFile.MAIN);
      }
    }
  }

  /** The stages that the bundle has all graphs of. */
  Set<Stage> stages() {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    for (Stage stage : Stage.values()) {
      if (file(stage, GraphFile.MAIN).isPresent()
          || file(stage, GraphFile.FIRST).isPresent() && file(stage, GraphFile.NEXT).isPresent()) {
        stages.add(stage);
      }
    }
    return stages;
  }

  private Optional<Path> file(Stage stage, String part) {
    return bundle.graph(stage, part, GraphFile.PORTABLE);
  }

  /**
   * @throws UnsupportedFeatureException if the bundle has no such graph
   * @throws IllegalStateException if the backend is closed
   */
  StageEngine engine(Stage stage, String part) {
    // Else an engine that is opened late would never be closed.
    return lifetime.call(() -> openedOnce(stage, part));
  }

  private synchronized StageEngine openedOnce(Stage stage, String part) {
    Key key = new Key(stage, part);
    StageEngine engine = engines.get(key);
    if (engine == null) {
      Path file = file(stage, part).orElseThrow(() -> missing(stage));
      engine = open(stage, part, file);
      engines.put(key, engine);
    }
    return engine;
  }

  static UnsupportedFeatureException missing(Stage stage) {
    return new UnsupportedFeatureException(
        "the bundle has no graph for stage "
            + stage.id()
            + "; export the checkpoint with a version of model-export that writes it");
  }

  private StageEngine open(Stage stage, String part, Path file) {
    GraphSignature graph = GraphSignature.read(file);
    List<Map<String, Range>> given =
        part.equals(GraphFile.NEXT) ? stateRanges(openedOnce(stage, GraphFile.FIRST)) : List.of();
    EngineSpec spec = new EngineSpec(file, graph.outputs(), profiles.of(stage, graph, given));
    return new StageEngine(
        stage, opened.add(source.engine(stage, spec, graph.weightFiles())), spec);
  }

  /** The states of a stream that the first graph gives are what the next one takes. */
  private List<Map<String, Range>> stateRanges(StageEngine first) {
    return queue.inOrder(
        () -> {
          List<Map<String, Range>> ranges = new ArrayList<>();
          for (int profile = 0; profile < first.spec().profiles().size(); profile++) {
            Profile bounds = first.spec().profiles().get(profile);
            Map<String, Shape> least = new LinkedHashMap<>();
            Map<String, Shape> typical = new LinkedHashMap<>();
            Map<String, Shape> most = new LinkedHashMap<>();
            bounds
                .shapes()
                .forEach(
                    (name, range) -> {
                      least.put(name, range.least());
                      typical.put(name, range.typical());
                      most.put(name, range.most());
                    });
            ranges.add(
                ranges(
                    first.engine().outputShapes(profile, least, Map.of()),
                    first.engine().outputShapes(profile, typical, Map.of()),
                    first.engine().outputShapes(profile, most, Map.of())));
          }
          return ranges;
        });
  }

  private static Map<String, Range> ranges(
      Map<String, Shape> least, Map<String, Shape> typical, Map<String, Shape> most) {
    Map<String, Range> ranges = new HashMap<>();
    least.forEach(
        (name, shape) -> {
          if (name.startsWith("present_")) {
            ranges.put(
                name.replace("present_", "past_"),
                new Range(shape, typical.get(name), most.get(name)));
          }
        });
    return ranges;
  }

  @Override
  public synchronized void close() {
    opened.close();
    engines.clear();
  }
}
