package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.OptionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * ONNX Runtime's execution providers for GPUs of NVIDIA, as the options of {@link
 * OnnxBackendProvider} ask for them.
 *
 * @param device as the user names it
 * @param memoryLimit bytes; 0 for none
 * @param arena ONNX Runtime's name of how memory grows
 * @param convolutionSearch cuDNN's way to choose kernels
 * @param tf32 whether fp32 products may be rounded
 */
record CudaProvider(
    Device device,
    long memoryLimit,
    String arena,
    String convolutionSearch,
    boolean tf32,
    Optional<TensorRt> tensorRt) {

  /** NVIDIA GPUs; without an index the first. */
  static final Device DEVICE = Device.parse("cuda");

  private static final long MAX_MEBIBYTES = 1 << 24;

  private static final Map<String, String> ARENAS =
      Map.of("same-as-requested", "kSameAsRequested", "next-power-of-two", "kNextPowerOfTwo");

  private static final Map<String, String> SEARCHES =
      Map.of("heuristic", "HEURISTIC", "exhaustive", "EXHAUSTIVE", "default", "DEFAULT");

  private static final Set<String> PRECISIONS = Set.of("fp32", "fp16", "bf16");

  /** The names of all options here. */
  private static final Set<String> OPTIONS =
      Set.of(
          "cuda-memory-limit",
          "cuda-arena",
          "cudnn-search",
          "cuda-tf32",
          "tensorrt",
          "tensorrt-precision");

  /** Parts of messages, in lower case, by which CUDA says that it has no such GPU. */
  private static final List<String> NO_GPU =
      List.of("no cuda-capable device", "driver version is insufficient", "invalid device ordinal");

  /**
   * The provider that puts whole parts of a graph into engines.
   *
   * @param precision that it may compute in beside fp32
   * @param cache for engines
   */
  record TensorRt(String precision, Optional<Path> cache) {}

  /**
   * Reads all options, so that they are known on every device.
   *
   * @return empty on the CPU
   * @throws UnsupportedFeatureException if one has a wrong value, or is given on the CPU
   */
  static Optional<CudaProvider> read(OptionReader reader, BackendConfig config) {
    Device device = config.device();
    Optional<TensorRt> tensorRt = tensorRt(reader, config);
    CudaProvider provider =
        new CudaProvider(
            device,
            reader.number("cuda-memory-limit", 0, 0, MAX_MEBIBYTES) << 20,
            reader.choice("cuda-arena", "same-as-requested", ARENAS),
            reader.choice("cudnn-search", "heuristic", SEARCHES),
            reader.flag("cuda-tf32", false),
            tensorRt);
    if (device.type().equals(DEVICE.type())) {
      return Optional.of(provider);
    }
    Set<String> useless = new TreeSet<>(config.options().keySet());
    useless.retainAll(OPTIONS);
    if (!useless.isEmpty()) {
      throw new UnsupportedFeatureException(
          "the options "
              + useless
              + " of the backend '"
              + OnnxBackendProvider.ID
              + "' are for the device \""
              + DEVICE
              + "\", asked for \""
              + device
              + "\"");
    }
    return Optional.empty();
  }

  private static Optional<TensorRt> tensorRt(OptionReader reader, BackendConfig config) {
    boolean wanted = reader.flag("tensorrt", false);
    Map<String, String> precisions = new TreeMap<>();
    PRECISIONS.forEach(precision -> precisions.put(precision, precision));
    String precision = reader.choice("tensorrt-precision", "fp32", precisions);
    return wanted
        ? Optional.of(
            new TensorRt(
                precision,
                config.cacheDirectory().map(folder -> folder.resolve("onnxruntime-tensorrt"))))
        : Optional.empty();
  }

  /** ONNX Runtime's names and values; those of the device are set by its constructors. */
  Map<String, String> cudaOptions() {
    Map<String, String> options = new TreeMap<>();
    if (memoryLimit > 0) {
      options.put("gpu_mem_limit", Long.toString(memoryLimit));
    }
    options.put("arena_extend_strategy", arena);
    options.put("cudnn_conv_algo_search", convolutionSearch);
    options.put("use_tf32", tf32 ? "1" : "0");
    return options;
  }

  /** As {@link #cudaOptions}, of the provider for TensorRT. */
  static Map<String, String> options(TensorRt tensorRt) {
    Map<String, String> options = new TreeMap<>();
    options.put("trt_fp16_enable", tensorRt.precision().equals("fp16") ? "1" : "0");
    options.put("trt_bf16_enable", tensorRt.precision().equals("bf16") ? "1" : "0");
    tensorRt
        .cache()
        .ifPresent(
            folder -> {
              options.put("trt_engine_cache_enable", "1");
              options.put("trt_engine_cache_path", folder.toString());
              options.put("trt_timing_cache_enable", "1");
              options.put("trt_timing_cache_path", folder.toString());
            });
    return options;
  }

  /**
   * Asks for the providers in a session. What they leave over is computed on the CPU.
   *
   * @throws UnsupportedFeatureException if they cannot be had; the message says why and what to do
   */
  void addTo(SessionOptions options) {
    int index = device.index().orElse(0);
    if (tensorRt.isPresent()) {
      TensorRt wanted = tensorRt.get();
      wanted.cache().ifPresent(CudaProvider::create);
      try (OrtTensorRTProviderOptions provider = new OrtTensorRTProviderOptions(index)) {
        for (Map.Entry<String, String> option : options(wanted).entrySet()) {
          provider.add(option.getKey(), option.getValue());
        }
        options.addTensorrt(provider);
      } catch (OrtException e) {
        throw absent(
            e,
            "TensorRT",
            OnnxLibrary.failure(OnnxLibrary.TENSORRT_PROVIDER),
            "TensorRT 10, CUDA 12 and cuDNN 9");
      }
    }
    try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(index)) {
      for (Map.Entry<String, String> option : cudaOptions().entrySet()) {
        provider.add(option.getKey(), option.getValue());
      }
      options.addCUDA(provider);
    } catch (OrtException e) {
      throw absent(
          e, "CUDA", OnnxLibrary.failure(OnnxLibrary.CUDA_PROVIDER), "CUDA 12 and cuDNN 9");
    }
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new BackendException(
          "the folder for TensorRT's engines, "
              + folder
              + ", cannot be made: "
              + NativeLoading.reason(e),
          e);
    }
  }

  /**
   * @param library what the provider stands on
   * @param failure why its library does not load, if that was found
   * @param needed what has to be installed
   */
  UnsupportedFeatureException absent(
      OrtException e, String library, Optional<String> failure, String needed) {
    if (e.getMessage().contains("Failed to find")) {
      return absent(
          e,
          "the ONNX Runtime on the class path has no library for "
              + library
              + "; put "
              + OnnxLibrary.CUDA_ARTIFACT
              + OnnxLibrary.version().map(version -> ":" + version).orElse("")
              + " in the place of "
              + OnnxLibrary.ARTIFACT
              + ", which has to be excluded, because both have the same classes");
    }
    return absent(
        e,
        "ONNX Runtime's library for "
            + library
            + " cannot be loaded ("
            + failure.orElseGet(() -> NativeLoading.reason(e))
            + "); "
            + needed
            + " have to be where the system looks for libraries, as LD_LIBRARY_PATH or PATH says");
  }

  /**
   * @return what is to be thrown if a session does not open for lack of this GPU
   */
  Optional<UnsupportedFeatureException> noGpu(OrtException e) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return NO_GPU.stream().anyMatch(message::contains)
        ? Optional.of(
            absent(
                e,
                "CUDA finds no such GPU ("
                    + NativeLoading.reason(e)
                    + "); nvidia-smi says which GPUs and which version of CUDA the driver has"))
        : Optional.empty();
  }

  private UnsupportedFeatureException absent(OrtException e, String reason) {
    return new UnsupportedFeatureException(
        "the backend '"
            + OnnxBackendProvider.ID
            + "' has no device \""
            + device
            + "\" here: "
            + reason,
        e);
  }
}
