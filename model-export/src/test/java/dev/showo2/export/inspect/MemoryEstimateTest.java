package dev.showo2.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.synthetic.SyntheticCheckpoint;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.export.synthetic.SyntheticRequest;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MemoryEstimateTest {

  @TempDir private Path folder;

  /** Tied with rows that are whole blocks of 32, untied with rows that are not. */
  @ParameterizedTest
  @EnumSource
  void weightsAreEstimatedAsAnExportWritesThem(Precision precision) throws IOException {
    for (Architecture sizes : List.of(TinyArchitecture.TIED, TinyArchitecture.UNTIED)) {
      String name = sizes == TinyArchitecture.TIED ? "tied" : "untied";
      Path checkpoint = folder.resolve(name);
      Path bundle = folder.resolve(name + ".bundle");
      SyntheticCheckpoint.write(checkpoint, SyntheticRequest.of(sizes, 1));
      ModelExporter.exportUnchecked(
          ExportRequest.of(checkpoint, bundle).withPrecision(ExportPrecision.of(precision)),
          ExportListener.NONE);
      BundleInspection found = assertInstanceOf(BundleInspection.class, Inspector.inspect(bundle));
      assertEquals(
          found.weights().stream().mapToLong(WeightCount::bytes).sum(),
          MemoryEstimate.of(sizes, 0).get(precision).weightBytes(),
          name);
    }
  }

  /** The sums of the released keys, computed by hand from the table in SPEC. */
  @Test
  void theReleasedModelsNeedWhatTheirSizesSay() {
    Map<Precision, MemoryEstimate> small = estimate("1.5b");
    for (MemoryEstimate estimate : small.values()) {
      assertEquals(1000L * 2 * 4 * 28 * 2 * 128, estimate.backboneCacheBytes());
      assertEquals(1000L * 2 * 4 * 10 * 8 * 64, estimate.flowHeadCacheBytes());
    }
    assertEquals(2.83e9 + 0.127e9 + 0.041e9, small.get(Precision.FP32).weightBytes() / 4.0, 1e7);
    assertEquals(
        8.93e9 + 0.127e9 + 0.041e9, estimate("7b").get(Precision.FP32).weightBytes() / 4.0, 1e7);
  }

  @Test
  void narrowerWeightsTakeLessAndSomeStayWide() {
    Map<Precision, MemoryEstimate> estimates = estimate("1.5b");
    long wide = estimates.get(Precision.FP32).weightBytes();
    double half = (double) estimates.get(Precision.FP16).weightBytes() / wide;
    double eighth = (double) estimates.get(Precision.INT4).weightBytes() / wide;
    assertTrue(half > 0.5 && half < 0.54, () -> "" + half);
    assertTrue(eighth > 0.15 && eighth < 0.22, () -> "" + eighth);
    assertEquals(
        estimates.get(Precision.INT8).weightBytes() + 7,
        estimates.get(Precision.INT8).bundleBytes());
  }

  private static Map<Precision, MemoryEstimate> estimate(String model) {
    Architecture sizes = SyntheticModels.architecture(model).orElseThrow();
    return MemoryEstimate.of(sizes, 7);
  }
}
