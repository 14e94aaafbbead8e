package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.backend.tensorrt.internal.engines.EngineCache;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.OptionReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options that {@link TensorRtBackendProvider} documents, checked.
 *
 * @param device index of the GPU
 * @param builderClassPath of the process that builds engines; empty to have it derived
 * @param weightBytes of each engine that stay on the GPU; empty for all
 */
record TensorRtOptions(
    int device,
    Optional<Path> cacheDirectory,
    long cacheBytes,
    Optional<String> builderClassPath,
    BuildOptions build,
    OptionalLong weightBytes,
    Limits limits,
    boolean cudaGraphs,
    Duration shutdownGrace) {

  private static final int PIXELS_LEAST = 16;
  private static final int PIXELS_MOST = 4096;
  private static final int POSITIONS_MOST = 1 << 20;

  /**
   * The sizes that engines are built for.
   *
   * @param batch most sequences side by side
   * @param image most pixels of an image or video along either side
   * @param segment most tokens of one call, or 0 for what images and videos of the model need
   * @param prefix most positions of a KV cache
   */
  record Limits(int batch, int image, int segment, int prefix) {

    /** Names of the options, for error messages. */
    static final String OPTIONS = "largest-batch, largest-image, longest-segment or longest-prefix";
  }

  static TensorRtOptions of(BackendConfig config, String id, Device gpus, Bundle bundle) {
    OptionReader reader = new OptionReader(id, config);
    Device device = reader.device(gpus);
    int imageSide =
        Math.max(
                bundle.architecture().imageGrid().rows(),
                bundle.architecture().imageGrid().columns())
            * bundle.architecture().pixelsPerToken();
    long streamed = mebibytes(reader, "resident-weights-mib", 0);
    boolean graphs = reader.flag("cuda-graphs", streamed == 0);
    if (graphs && streamed > 0) {
      throw new UnsupportedFeatureException(
          "the options 'resident-weights-mib' and 'cuda-graphs' of the backend '"
              + id
              + "' exclude each other: weights that are copied when they are needed cannot be"
              + " recorded; leave out one of them");
    }
    TensorRtOptions options =
        new TensorRtOptions(
            device.index().orElse(0),
            config.cacheDirectory(),
            mebibytes(reader, "engine-cache-mib", 32 << 10),
            reader.text(EngineCache.CLASS_PATH_OPTION),
            new BuildOptions(
                reader.integer("optimization-level", 3, 0, 5),
                mebibytes(reader, "workspace-mib", 0),
                streamed > 0,
                reader.flag("refit", false),
                reader.constant("compute-precision", ComputePrecision.BUNDLE),
                reader.flag("tf32", false)),
            streamed > 0 ? OptionalLong.of(streamed) : OptionalLong.empty(),
            new Limits(
                reader.integer("largest-batch", 4, 1, 1 << 10),
                reader.integer(
                    "largest-image", Math.max(1024, imageSide), PIXELS_LEAST, PIXELS_MOST),
                reader.integer("longest-segment", 0, 0, POSITIONS_MOST),
                reader.integer("longest-prefix", 8192, 1, POSITIONS_MOST)),
            graphs,
            config.shutdownGrace());
    reader.refuseOthers();
    return options;
  }

  private static long mebibytes(OptionReader reader, String name, long standard) {
    return reader.number(name, standard, 0, 1L << 30) << 20;
  }
}
