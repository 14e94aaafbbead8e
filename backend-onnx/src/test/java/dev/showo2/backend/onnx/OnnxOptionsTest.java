package dev.showo2.backend.onnx;

import static dev.showo2.backend.onnx.Differences.assertClose;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.FusionRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ExportedModels.class)
class OnnxOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "graph-optimization, none",
    "graph-optimization, basic",
    "graph-optimization, extended",
    "memory-arena, false",
    "memory-map, true",
    "spinning, true"
  })
  void optionsChangeNoResult(String name, String value, Models models) {
    HostTensor expected = fuse(models, BackendConfig.defaults());
    BackendConfig config = BackendConfig.builder().threads(1).option(name, value).build();
    assertClose(expected, fuse(models, config));
  }

  private static HostTensor fuse(Models models, BackendConfig config) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"), config);
        Tensor latents = open.uploadRandom(1, 1, 16, 1, 8, 12)) {
      return take(open.backend().fusion().fuse(FusionRequest.of(latents)));
    }
  }

  @Test
  void numberOfThreadsIsTaken() {
    OnnxOptions named = OnnxOptions.of(BackendConfig.builder().threads(7).build());
    assertEquals(OptionalInt.of(7), named.threads());
  }

  @Test
  void unknownOptionsAreRefusedAndTheKnownListed() {
    BackendConfig config = BackendConfig.builder().option("speed", "11").build();
    String message = refused(config);
    assertEquals(
        "the backend 'onnx' has no options [speed]; it knows [background-opening, cuda-arena,"
            + " cuda-memory-limit, cuda-tf32, cudnn-search, dialect, graph-optimization,"
            + " memory-arena, memory-map, packed-weights-mib, spinning, tensorrt, tensorrt-precision]",
        message);
  }

  @Test
  void unknownValuesAreRefusedAndTheKnownListed() {
    String message = refused(BackendConfig.builder().option("graph-optimization", "most").build());
    assertTrue(message.contains("[all, basic, extended, none], found 'most'"), message);
    message = refused(BackendConfig.builder().option("memory-map", "yes").build());
    assertTrue(message.contains("[false, true], found 'yes'"), message);
  }

  @Test
  void otherDevicesAreRefused() {
    String message = refused(BackendConfig.builder().device("rocm").build());
    assertTrue(
        message.contains("computes on the device \"cpu\" or \"cuda\", asked for \"rocm\""),
        message);
  }

  private static String refused(BackendConfig config) {
    return assertThrows(UnsupportedFeatureException.class, () -> OnnxOptions.of(config))
        .getMessage();
  }
}
