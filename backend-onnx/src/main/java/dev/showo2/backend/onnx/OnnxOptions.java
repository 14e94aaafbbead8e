package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What {@link OnnxBackendProvider} documents, checked. */
record OnnxOptions(
    OptionalInt threads,
    String dialect,
    OptLevel graphOptimization,
    boolean memoryArena,
    boolean memoryMap,
    boolean spinning,
    boolean exactIntegerProducts) {

  private static final String DIALECT = "dialect";
  private static final String GRAPH_OPTIMIZATION = "graph-optimization";
  private static final String MEMORY_ARENA = "memory-arena";
  private static final String MEMORY_MAP = "memory-map";
  private static final String SPINNING = "spinning";
  private static final Set<String> KNOWN =
      Set.of(DIALECT, GRAPH_OPTIMIZATION, MEMORY_ARENA, MEMORY_MAP, SPINNING);
  private static final Map<String, String> DIALECTS =
      Map.of(GraphFile.ORT, GraphFile.ORT, GraphFile.PORTABLE, GraphFile.PORTABLE);

  /** The levels that replace integer products that are not exact. */
  private static final Set<OptLevel> REPLACING = Set.of(OptLevel.EXTENDED_OPT, OptLevel.ALL_OPT);

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
    if (!config.device().equals(Device.CPU)) {
      throw new UnsupportedFeatureException(
          "the backend 'onnx' computes on the device \"cpu\", asked for \""
              + config.device()
              + "\"");
    }
    Set<String> unknown = new TreeSet<>(config.options().keySet());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend 'onnx' has no options " + unknown + "; it knows " + new TreeSet<>(KNOWN));
    }
    String dialect = choice(config, DIALECT, GraphFile.ORT, DIALECTS);
    OptLevel optimization = choice(config, GRAPH_OPTIMIZATION, "all", LEVELS);
    return new OnnxOptions(
        config.threads(),
        exactIntegerProducts || REPLACING.contains(optimization) ? dialect : GraphFile.PORTABLE,
        optimization,
        flag(config, MEMORY_ARENA, true),
        flag(config, MEMORY_MAP, false),
        flag(config, SPINNING, false),
        exactIntegerProducts);
  }

  private static boolean flag(BackendConfig config, String name, boolean standard) {
    return choice(config, name, Boolean.toString(standard), Map.of("true", true, "false", false));
  }

  private static <T> T choice(
      BackendConfig config, String name, String standard, Map<String, T> choices) {
    String value = config.options().getOrDefault(name, standard);
    T chosen = choices.get(value);
    if (chosen == null) {
      throw new UnsupportedFeatureException(
          "option '"
              + name
              + "' of the backend 'onnx' is one of "
              + new TreeMap<>(choices).keySet()
              + ", found '"
              + value
              + "'");
    }
    return chosen;
  }

  /** Options for one session; the caller closes them. */
  SessionOptions toSessionOptions() throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
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
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }
}
