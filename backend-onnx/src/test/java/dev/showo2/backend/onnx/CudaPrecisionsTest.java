package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.HostTensor;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the stages of every precision on a GPU with those in fp32 products on the CPU; run with
 * {@code mvn -Pgpu,onnxruntime-gpu}.
 */
@Tag("gpu")
@ExtendWith(ExportedModels.class)
class CudaPrecisionsTest {

  /**
   * Relative to the largest value of an output; the export allows as much of each precision. In
   * fp32 another order of sums is all that differs; in int8 it may round an input to the next
   * integer.
   */
  @ParameterizedTest
  @CsvSource({
    "tiny-a, fp32, portable, 1e-4",
    "tiny-b, fp32, portable, 1e-4",
    "tiny-a, 'fp16,vae=fp16', portable, 2e-2",
    "tiny-b, 'fp16,vae=fp16', portable, 2e-2",
    "tiny-a, 'bf16,vae=bf16', portable, 1e-1",
    "tiny-b, 'bf16,vae=bf16', portable, 1e-1",
    "tiny-a, int8, portable, 2e-2",
    "tiny-b, int8, portable, 2e-2",
    "tiny-a, int4, portable, 1e-1",
    "tiny-a, int4, ort, 1e-1"
  })
  void everyStageIsFiniteAndCloseToTheCpu(
      String checkpoint,
      String precision,
      String dialect,
      double tolerance,
      Models models,
      TestReporter reporter) {
    Bundle bundle = models.bundle(checkpoint, precision);
    Map<String, HostTensor> actual = onGpu(bundle, dialect);
    Map<String, HostTensor> expected = StageOutputs.of(bundle, BackendConfig.defaults());
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (stage, values) -> {
          for (float value : actual.get(stage).values()) {
            assertTrue(Float.isFinite(value), () -> precision + " " + stage + ": " + value);
          }
          double difference = Differences.relative(values, actual.get(stage));
          reporter.publishEntry(
              checkpoint + " " + precision + " " + dialect, stage + " by " + difference);
          assertTrue(difference <= tolerance, () -> precision + " " + stage + " by " + difference);
        });
  }

  private static Map<String, HostTensor> onGpu(Bundle bundle, String dialect) {
    try {
      return StageOutputs.of(
          bundle, BackendConfig.builder().device("cuda").option("dialect", dialect).build());
    } catch (UnsupportedFeatureException e) {
      return abort("not run: " + e.getMessage());
    }
  }
}
