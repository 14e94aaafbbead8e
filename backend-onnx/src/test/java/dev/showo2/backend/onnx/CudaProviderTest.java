package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Architecture;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.testing.ArchitectureBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The device {@code cuda} with the artifact for CPUs, as the build has it. */
@ExtendWith(ExportedModels.class)
class CudaProviderTest {

  @TempDir private Path folder;

  private static BackendConfig.Builder cuda() {
    return BackendConfig.builder().device("cuda");
  }

  private static CudaProvider provider(BackendConfig.Builder config) {
    return OnnxOptions.of(config.build()).cuda().orElseThrow();
  }

  @Test
  void isOfferedBesideTheCpu() {
    OnnxBackendProvider provider = new OnnxBackendProvider();
    assertEquals(Set.of(Device.CPU, Device.parse("cuda")), provider.info().devices());
    assertEquals(Availability.usable(), provider.probe());
  }

  @Test
  void fp32StaysFp32UnlessAskedOtherwise() {
    assertEquals(
        Map.of(
            "arena_extend_strategy", "kSameAsRequested",
            "cudnn_conv_algo_search", "HEURISTIC",
            "use_tf32", "0"),
        provider(cuda()).cudaOptions());
  }

  @Test
  void optionsAreGivenToTheProvider() {
    CudaProvider provider =
        provider(
            cuda()
                .option("cuda-memory-limit", "4096")
                .option("cuda-arena", "next-power-of-two")
                .option("cudnn-search", "exhaustive")
                .option("cuda-tf32", "true"));
    assertEquals(
        Map.of(
            "gpu_mem_limit", "4294967296",
            "arena_extend_strategy", "kNextPowerOfTwo",
            "cudnn_conv_algo_search", "EXHAUSTIVE",
            "use_tf32", "1"),
        provider.cudaOptions());
    assertEquals(Optional.empty(), provider.tensorRt());
  }

  @Test
  void enginesOfTensorRtAreKeptInTheCacheDirectory() {
    CudaProvider provider =
        provider(
            cuda()
                .cacheDirectory(folder)
                .option("tensorrt", "true")
                .option("tensorrt-precision", "fp16"));
    String engines = folder.resolve("onnxruntime-tensorrt").toString();
    assertEquals(
        Map.of(
            "trt_fp16_enable", "1",
            "trt_bf16_enable", "0",
            "trt_engine_cache_enable", "1",
            "trt_engine_cache_path", engines,
            "trt_timing_cache_enable", "1",
            "trt_timing_cache_path", engines),
        CudaProvider.options(provider.tensorRt().orElseThrow()));
  }

  @Test
  void enginesOfTensorRtAreFp32AndNotKeptUnlessAskedOtherwise() {
    CudaProvider provider = provider(cuda().option("tensorrt", "true"));
    assertEquals(
        Map.of("trt_fp16_enable", "0", "trt_bf16_enable", "0"),
        CudaProvider.options(provider.tensorRt().orElseThrow()));
  }

  @Test
  void gpusComputePlainOnnxUnlessAskedOtherwise() {
    assertEquals(GraphFile.PORTABLE, OnnxOptions.of(cuda().build()).dialect());
    BackendConfig ort = cuda().option("dialect", GraphFile.ORT).build();
    assertEquals(GraphFile.ORT, OnnxOptions.of(ort, true).dialect());
    assertEquals(GraphFile.ORT, OnnxOptions.of(BackendConfig.defaults(), true).dialect());
  }

  @Test
  void theMemoryOfThisMachineIsNoneOfAGpu() {
    Architecture.Vae vae = new ArchitectureBuilder().vae(8, 1).build().vae();
    assertEquals(
        OptionalLong.empty(), VaeMemoryLimit.of(OnnxOptions.of(cuda().build()), vae).machine());
    assertEquals(
        VaeMemoryLimit.ofThisMachine(),
        VaeMemoryLimit.of(OnnxOptions.of(BackendConfig.defaults()), vae).machine());
  }

  @ParameterizedTest
  @CsvSource({
    "cuda-memory-limit, -1",
    "cuda-arena, large",
    "cudnn-search, best",
    "cuda-tf32, 1",
    "tensorrt, yes",
    "tensorrt-precision, int8"
  })
  void wrongValuesAreRefused(String name, String value) {
    String message = refused(cuda().option(name, value).build());
    assertTrue(message.contains("option '" + name + "'"), message);
    assertTrue(message.contains("found '" + value + "'"), message);
  }

  @Test
  void optionsOfGpusAreRefusedOnTheCpu() {
    BackendConfig config =
        BackendConfig.builder().option("tensorrt", "true").option("cuda-tf32", "false").build();
    assertEquals(
        "the options [cuda-tf32, tensorrt] of the backend 'onnx' are for the device \"cuda\", asked"
            + " for \"cpu\"",
        refused(config));
  }

  private static String refused(BackendConfig config) {
    return assertThrows(UnsupportedFeatureException.class, () -> OnnxOptions.of(config))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda:3"})
  void theArtifactForCpusNamesTheOneForGpus(String device, Models models) {
    BackendConfig config = BackendConfig.builder().device(device).build();
    assertEquals(
        "the backend 'onnx' has no device \""
            + device
            + "\" here: the ONNX Runtime on the class path has no library for CUDA; put"
            + " com.microsoft.onnxruntime:onnxruntime_gpu:1.28.0 in the place of"
            + " com.microsoft.onnxruntime:onnxruntime, which has to be excluded, because both have"
            + " the same classes",
        notOpened(config, models));
  }

  @Test
  void theArtifactForCpusHasNoTensorRtEither(Models models) {
    BackendConfig config = cuda().cacheDirectory(folder).option("tensorrt", "true").build();
    String message = notOpened(config, models);
    assertTrue(message.contains("has no library for TensorRT; put"), message);
  }

  private static String notOpened(BackendConfig config, Models models) {
    return assertThrows(
            UnsupportedFeatureException.class,
            () -> new OnnxBackendProvider().open(models.bundle("tiny-a"), config))
        .getMessage();
  }

  /** ONNX Runtime's message names it in some versions; in others it is found by loading. */
  @ParameterizedTest
  @CsvSource({
    "libcublasLt.so.12: cannot open shared object file,",
    "Failed to load shared library, libcublasLt.so.12: cannot open shared object file"
  })
  void aMissingLibraryOfCudaIsNamed(String thrown, String found) {
    String message =
        provider(cuda())
            .absent(
                new OrtException(1, thrown),
                "CUDA",
                Optional.ofNullable(found),
                "CUDA 12 and cuDNN 9")
            .getMessage();
    for (String part : List.of("libcublasLt.so.12", "CUDA 12 and cuDNN 9", "LD_LIBRARY_PATH")) {
      assertTrue(message.contains(part), message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1",
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=here",
        "CUDA failure 101: invalid device ordinal ; GPU=3 ; hostname=here"
      })
  void aMissingGpuIsNoFailureOfTheEngine(String failure) {
    String message =
        provider(cuda()).noGpu(new OrtException(1, failure)).orElseThrow().getMessage();
    assertTrue(message.contains("CUDA finds no such GPU"), message);
    assertTrue(message.contains(failure), message);
    assertTrue(message.contains("nvidia-smi"), message);
  }

  @Test
  void otherFailuresAreThoseOfTheEngine() {
    OrtException other = new OrtException(1, "CUDA failure 700: an illegal memory access");
    assertEquals(Optional.empty(), provider(cuda()).noGpu(other));
  }
}
