package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.EngineThreads;
import dev.showo2.spi.support.OptionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The options that {@link OnnxBackendProvider} documents, checked.
 *
 * @param cuda empty on the CPU
 */
record OnnxOptions(
    Optional<CudaProvider> cuda,
    OptionalInt threads,
    String dialect,
    OptLevel graphOptimization,
    boolean memoryArena,
    boolean memoryMap,
    boolean spinning,
    boolean exactIntegerProducts,
    boolean backgroundOpening,
    Packing packing,
    Duration shutdownGrace) {

  private static final long PACKED_MIB = 32 << 10;

  /** Weights of a graph from which on it takes long to open. */
  private static final long LARGE_GRAPH_BYTES = 64L << 20;

  /** The levels that replace integer products that are not exact. */
  private static final Set<OptLevel> REPLACING = Set.of(OptLevel.EXTENDED_OPT, OptLevel.ALL_OPT);

  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

  private static final Map<String, OptLevel> LEVELS =
      Map.of(
          "none", OptLevel.NO_OPT,
          "basic", OptLevel.BASIC_OPT,
          "extended", OptLevel.EXTENDED_OPT,
          "all", OptLevel.ALL_OPT);

  static OnnxOptions of(BackendConfig config) {
    return of(config, IntegerProducts.exact());
  }

  /**
   * @param exactIntegerProducts as {@link IntegerProducts} says of the machine
   */
  static OnnxOptions of(BackendConfig config, boolean exactIntegerProducts) {
    return of(
        config,
        exactIntegerProducts,
        LARGE_GRAPH_BYTES,
        folder -> Files.getFileStore(folder).getUsableSpace());
  }

  /**
   * @param exactIntegerProducts as {@link IntegerProducts} says of the machine
   * @param largeGraphBytes weights of graphs that are not opened at once
   * @param usableSpace of the disk of a folder
   */
  static OnnxOptions of(
      BackendConfig config,
      boolean exactIntegerProducts,
      long largeGraphBytes,
      UsableSpace usableSpace) {
    OptionReader reader = new OptionReader(OnnxBackendProvider.ID, config);
    reader.device(Device.CPU, CudaProvider.DEVICE);
    Optional<CudaProvider> cuda = CudaProvider.read(reader, config);
    String dialect =
        reader.choice(
            "dialect",
            // README.md says why.
            cuda.isPresent() ? GraphFile.PORTABLE : GraphFile.ORT,
            Map.of(GraphFile.ORT, GraphFile.ORT, GraphFile.PORTABLE, GraphFile.PORTABLE));
    OptLevel optimization = reader.choice("graph-optimization", "all", LEVELS);
    OnnxOptions options =
        new OnnxOptions(
            cuda,
            EngineThreads.of(config),
            exactIntegerProducts || REPLACING.contains(optimization) ? dialect : GraphFile.PORTABLE,
            optimization,
            reader.flag("memory-arena", true),
            reader.flag("memory-map", false),
            reader.flag("spinning", false),
            exactIntegerProducts,
            reader.flag("background-opening", true),
            new Packing(
                config.cacheDirectory(),
                reader.number("packed-weights-mib", PACKED_MIB, 0, 1L << 30) << 20,
                largeGraphBytes,
                usableSpace),
            config.shutdownGrace());
    reader.refuseOthers();
    return options;
  }

  /** The bytes that a disk has for this user. */
  @FunctionalInterface
  interface UsableSpace {
    long of(Path folder) throws IOException;
  }

  /**
   * The weights that are kept on disk as kernels want them.
   *
   * @param cacheDirectory that was configured
   * @param limitBytes of all of them; 0 for none
   * @param largeGraphBytes weights of a graph from which on it is worth it
   * @param usableSpace of the disk
   */
  record Packing(
      Optional<Path> cacheDirectory,
      long limitBytes,
      long largeGraphBytes,
      UsableSpace usableSpace) {}

  /** Whether weights are rearranged on the CPU, and there is room for them on disk. */
  boolean keepsPackedGraphs() {
    return packing.limitBytes() > 0 && cuda.isEmpty() && !memoryMap;
  }

  /** Whether large graphs are opened after the backend; those on a GPU may lack what it needs. */
  boolean opensInBackground() {
    return backgroundOpening && cuda.isEmpty();
  }

  /** The device of all sessions. */
  Device device() {
    return cuda.map(CudaProvider::device).orElse(Device.CPU);
  }

  /** Options for one session; the caller closes them. */
  SessionOptions toSessionOptions() throws OrtException {
    try (Closer closer = new Closer()) {
      SessionOptions options = closer.add(new SessionOptions());
      options.setOptimizationLevel(graphOptimization);
      options.setCPUArenaAllocator(memoryArena);
      options.setDeterministicCompute(true);
      options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
      if (!exactIntegerProducts) {
        // Slower products, of unsigned bytes on both sides.
        options.addConfigEntry("session.x64quantprecision", "1");
      }
      if (memoryMap) {
        options.addConfigEntry("session.disable_prepacking", "1");
      }
      if (threads.isPresent()) {
        options.setIntraOpNumThreads(threads.getAsInt());
      }
      cuda.ifPresent(provider -> provider.addTo(options));
      closer.keepAll();
      return options;
    }
  }

  /**
   * The exactness of the engine's fast products of unsigned and signed bytes. On x86 processors
   * without VNNI they are not exact: sums of two products are cut off at 16 bits, which changes a
   * few in a hundred values of an int8 layer.
   */
  static final class IntegerProducts {

    private static final Set<String> X86 = Set.of("amd64", "x86_64", "x86", "i386");
    private static final Set<String> VNNI = Set.of("avx512_vnni", "avx_vnni");

    private IntegerProducts() {}

    /** Of this machine; where nothing says so, they are not taken to be exact. */
    static boolean exact() {
      return exact(System.getProperty("os.arch"), PROCESSORS);
    }

    static boolean exact(String architecture, Path processor) {
      if (!X86.contains(architecture.toLowerCase(Locale.ROOT))) {
        return true;
      }
      try (Stream<String> lines = Files.lines(processor)) {
        return lines
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(flags -> Stream.of(flags.split("\\s+")).anyMatch(VNNI::contains))
            .orElse(false);
      } catch (IOException | RuntimeException e) {
        return false;
      }
    }
  }
}
