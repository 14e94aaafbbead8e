package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.showo2.model.Bundle;
import dev.showo2.natives.internal.CacheFolder;
import dev.showo2.natives.internal.CacheLocks;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.SealedFolder;
import dev.showo2.spi.support.Closer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Graphs on disk as the engine has optimized them, with the weights as its kernels want them, which
 * are mapped instead of being rearranged into memory of their own. Whatever cannot be kept or read
 * is opened from the bundle. Thread-safe, also among processes.
 */
final class PackedGraphs implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(PackedGraphs.class.getName());

  /** The folder in that of caches. */
  static final String FOLDER = "onnxruntime-packed";

  private static final String ENTRY = ".graph";
  private static final String WEIGHTS = ".weights";

  /** The engine writes weights as it has optimized them, and again as kernels want them. */
  private static final double SIZE = 2.2;

  private static final String SMALLEST_BYTES = "256";

  private final OrtEnvironment environment;
  private final Bundle bundle;
  private final OnnxOptions options;
  private final SealedFolder folder;
  private final AtomicBoolean closed = new AtomicBoolean();

  private PackedGraphs(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options, SealedFolder folder) {
    this.environment = environment;
    this.bundle = bundle;
    this.options = options;
    this.folder = folder;
  }

  /** A session that reads its weights from the folder, and its hold on them. */
  record Mapped(OrtSession session, SealedFolder.Entry entry) {}

  /**
   * Opens the folder of this user.
   *
   * @return empty if the options want none, or none can be written
   */
  static Optional<PackedGraphs> open(
      OrtEnvironment environment, Bundle bundle, OnnxOptions options) {
    if (!options.keepsPackedGraphs()) {
      return Optional.empty();
    }
    try {
      Path parent =
          options.packing().cacheDirectory().isPresent()
              ? options.packing().cacheDirectory().get()
              : CacheFolder.locate();
      return Optional.of(
          new PackedGraphs(
              environment,
              bundle,
              options,
              SealedFolder.open(
                  parent.resolve(FOLDER),
                  new SealedFolder.Endings(ENTRY, Optional.of(WEIGHTS)),
                  options.packing().limitBytes())));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.INFO,
          "packed weights are not kept on disk but in memory: {0}",
          NativeLoading.reason(e));
      return Optional.empty();
    }
  }

  /**
   * Opens a graph from the folder, where it is written first if it is not there.
   *
   * @return empty if it is too large for the folder or the disk, another process is writing it, or
   *     the engine fails; the bundle's own graph is to be opened then
   */
  Optional<Mapped> session(Path graph) {
    GraphWeights weights = GraphWeights.of(bundle, graph);
    if (weights.bytes() < options.packing().largeGraphBytes()) {
      return Optional.empty();
    }
    try {
      String key = PackedGraph.key(bundle, graph, weights, options);
      Optional<Found> found = find(key);
      Optional<Found> packed = found.isPresent() ? found : build(key, graph, weights);
      return packed.isPresent() ? Optional.of(map(packed.get())) : Optional.empty();
    } catch (IOException | OrtException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the packed weights of {0} in {1} are not used, which takes more memory: {2}",
          graph.getFileName(),
          folder.path(),
          NativeLoading.reason(e));
      return Optional.empty();
    }
  }

  private record Found(SealedFolder.Entry entry, byte[] graph) {}

  /** Finds an entry; one whose weights were cut off or changed counts as absent. */
  private Optional<Found> find(String key) throws IOException {
    Optional<SealedFolder.Entry> entry = folder.find(key);
    return entry.isPresent() ? read(entry.get()) : Optional.empty();
  }

  private static Optional<Found> read(SealedFolder.Entry entry) throws IOException {
    try {
      Optional<byte[]> graph = PackedGraph.read(entry);
      if (graph.isEmpty()) {
        entry.close();
      }
      return graph.map(bytes -> new Found(entry, bytes));
    } catch (IOException | RuntimeException | Error e) {
      entry.close();
      throw e;
    }
  }

  private Optional<Found> build(String key, Path graph, GraphWeights weights)
      throws IOException, OrtException {
    Optional<CacheLocks.Held> lock = folder.tryBuilding(key);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    CacheLocks.Held building = lock.get();
    try (building) {
      Optional<Found> found = find(key);
      if (found.isPresent() || !hasRoom(graph, weights)) {
        return found;
      }
      try (SealedFolder.BuildFolder work = folder.createBuildFolder(key)) {
        Path optimized = work.path().resolve("graph");
        Path packed = work.path().resolve(key + WEIGHTS);
        write(graph, optimized, packed.getFileName().toString());
        Path entry = work.path().resolve("entry");
        PackedGraph.write(entry, optimized, packed);
        return read(folder.add(key, entry, Optional.of(packed)));
      }
    }
  }

  /** As much again has to stay free, so that no disk fills up unasked. */
  private boolean hasRoom(Path graph, GraphWeights weights) throws IOException {
    long needed = (long) (SIZE * weights.bytes());
    long free = options.packing().usableSpace().of(folder.path());
    boolean room = needed <= options.packing().limitBytes() && 2 * needed <= free;
    if (!room) {
      LOG.log(
          System.Logger.Level.INFO,
          "the packed weights of {0} are kept in memory: they take {1} bytes, of {2} that {3} may"
              + " have and {4} that are free there",
          graph.getFileName(),
          Long.toString(needed),
          Long.toString(options.packing().limitBytes()),
          folder.path(),
          Long.toString(free));
    }
    return room;
  }

  private void write(Path graph, Path optimized, String weights) throws OrtException {
    try (SessionOptions writing = options.toSessionOptions()) {
      writing.setOptimizedModelFilePath(optimized.toString());
      writing.addConfigEntry("session.save_external_prepacked_constant_initializers", "1");
      writing.addConfigEntry("session.optimized_model_external_initializers_file_name", weights);
      writing.addConfigEntry(
          "session.optimized_model_external_initializers_min_size_in_bytes", SMALLEST_BYTES);
      environment.createSession(graph.toString(), writing).close();
    }
  }

  private Mapped map(Found packed) throws OrtException {
    try (SessionOptions reading = options.toSessionOptions()) {
      reading.setOptimizationLevel(SessionOptions.OptLevel.NO_OPT);
      reading.addConfigEntry(
          "session.model_external_initializers_file_folder_path", folder.path().toString());
      return new Mapped(environment.createSession(packed.graph(), reading), packed.entry());
    } catch (Throwable e) {
      Closer.closeAfter(e, packed.entry());
      throw e;
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      folder.close();
    }
  }
}
