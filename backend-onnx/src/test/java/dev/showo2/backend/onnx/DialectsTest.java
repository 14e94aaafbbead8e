package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both dialects compute the same function, whatever the storage type of the weights. */
@ExtendWith(ExportedModels.class)
class DialectsTest {

  /**
   * Tolerances are relative to the largest value of an output. 16-bit layers of the portable
   * dialect round their inputs and results; 4-bit layers of ONNX Runtime's dialect round their
   * inputs to 8 bits in blocks of 32.
   */
  @ParameterizedTest
  @CsvSource({
    "tiny-a, fp32, 2e-5",
    "tiny-b, fp32, 2e-5",
    "tiny-a, 'fp16,vae=fp16', 2e-5",
    "tiny-a, int8, 2e-5",
    "tiny-b, int8, 2e-5",
    "tiny-a, int4, 3e-2",
    "tiny-b, int4, 3e-2",
    "tiny-a, 'backbone=int8,flow-head=int4,vae=fp16', 3e-2"
  })
  void agreeOnEveryStage(
      String checkpoint, String precision, double tolerance, Models models, TestReporter reporter) {
    Bundle bundle = models.bundle(checkpoint, precision);
    Map<String, HostTensor> portable = StageOutputs.of(bundle, with("dialect", "portable"));
    Map<String, HostTensor> fused = StageOutputs.of(bundle, BackendConfig.defaults());
    assertClose(portable, fused, tolerance, checkpoint + " " + precision, reporter);
  }

  /**
   * ONNX Runtime rounds the inputs of 4-bit layers where it may rearrange constant weights; without
   * that, it multiplies floats.
   */
  @ParameterizedTest
  @CsvSource({"int8, 2e-5", "int4, 3e-2"})
  void optionsChangeNoResult(
      String precision, double rounding, Models models, TestReporter reporter) {
    Bundle bundle = models.bundle("tiny-b", precision);
    Map<String, HostTensor> expected = StageOutputs.of(bundle, BackendConfig.defaults());
    Map.of(
            "graph-optimization=none",
            rounding,
            "graph-optimization=basic",
            2e-5,
            "memory-map=true",
            rounding)
        .forEach(
            (option, tolerance) -> {
              String[] parts = option.split("=");
              Map<String, HostTensor> actual = StageOutputs.of(bundle, with(parts[0], parts[1]));
              assertClose(expected, actual, tolerance, precision + " " + option, reporter);
            });
  }

  private static void assertClose(
      Map<String, HostTensor> expected,
      Map<String, HostTensor> actual,
      double tolerance,
      String what,
      TestReporter reporter) {
    assertEquals(expected.keySet(), actual.keySet());
    double worst = 0;
    for (Map.Entry<String, HostTensor> stage : expected.entrySet()) {
      double difference = Differences.relative(stage.getValue(), actual.get(stage.getKey()));
      assertTrue(difference <= tolerance, () -> what + ": " + stage.getKey() + " by " + difference);
      worst = Math.max(worst, difference);
    }
    reporter.publishEntry(what, "largest relative difference " + worst);
  }

  /** Its CPU kernels multiply no bfloat16; other engines do. */
  @Test
  void portableBfloat16IsForOtherEngines(Models models) {
    Bundle bundle = models.bundle("tiny-a", "bf16");
    BackendException e =
        assertThrows(
            BackendException.class,
            () -> OpenBackend.open(bundle, with("dialect", "portable")).close());
    assertTrue(
        e.getMessage().contains("Could not find an implementation for Gemm"), e.getMessage());
  }

  private static BackendConfig with(String option, String value) {
    return BackendConfig.builder().option(option, value).build();
  }
}
