package dev.showo2.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryEstimateTest {

  @Test
  void matricesTakeWhatTheirPrecisionSays() {
    Shape matrix = Shape.of(3, 40);
    assertEquals(480, WeightPrecision.FP32.bytes(matrix));
    assertEquals(240, WeightPrecision.BF16.bytes(matrix));
    assertEquals(240, WeightPrecision.FP16.bytes(matrix));
    assertEquals(120 + 3 * 4, WeightPrecision.INT8.bytes(matrix));
    assertEquals(3 * 2 * (16 + 4), WeightPrecision.INT4.bytes(matrix), "two blocks a row");
    assertEquals(10 * (16 + 4), WeightPrecision.INT4.bytes(Shape.of(10, 8, 2, 2)));
    assertEquals(0, WeightPrecision.INT4.bytes(Shape.of(0, 8)));
  }

  /** The sums of the released keys, computed by hand from the table in SPEC. */
  @Test
  void theReleasedModelsNeedWhatTheirSizesSay() {
    Map<WeightPrecision, MemoryEstimate> small = estimate("1.5b");
    assertEquals(
        1000L * 2 * 4 * 28 * 2 * 128, small.get(WeightPrecision.FP32).backboneCacheBytes());
    assertEquals(1000L * 2 * 4 * 10 * 8 * 64, small.get(WeightPrecision.FP32).flowHeadCacheBytes());
    assertEquals(
        small.get(WeightPrecision.FP32).backboneCacheBytes() / 2,
        small.get(WeightPrecision.BF16).backboneCacheBytes());
    assertEquals(
        small.get(WeightPrecision.FP32).backboneCacheBytes(),
        small.get(WeightPrecision.INT4).backboneCacheBytes());
    assertEquals(
        2.83e9 + 0.127e9 + 0.041e9, small.get(WeightPrecision.FP32).weightBytes() / 4.0, 1e7);
    assertEquals(
        8.93e9 + 0.127e9 + 0.041e9,
        estimate("7b").get(WeightPrecision.FP32).weightBytes() / 4.0,
        1e7);
  }

  @Test
  void narrowerWeightsTakeLessAndSomeStayWide() {
    Map<WeightPrecision, MemoryEstimate> estimates = estimate("1.5b");
    long wide = estimates.get(WeightPrecision.FP32).weightBytes();
    double half = (double) estimates.get(WeightPrecision.FP16).weightBytes() / wide;
    double eighth = (double) estimates.get(WeightPrecision.INT4).weightBytes() / wide;
    assertTrue(half > 0.5 && half < 0.54, () -> "" + half);
    assertTrue(eighth > 0.15 && eighth < 0.22, () -> "" + eighth);
    assertEquals(
        estimates.get(WeightPrecision.INT8).weightBytes() + 7,
        estimates.get(WeightPrecision.INT8).bundleBytes());
  }

  private static Map<WeightPrecision, MemoryEstimate> estimate(String model) {
    Architecture sizes = SyntheticModels.architecture(model).orElseThrow();
    return MemoryEstimate.of(sizes, 7);
  }
}
