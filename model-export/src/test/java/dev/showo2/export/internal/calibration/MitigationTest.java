package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.ExportListener;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers whose inputs have single channels that are 50 to 100 times as large as the others. */
class MitigationTest {

  private static final Map<String, WeightEncoding> INT8 =
      SmallModel.all(SmallModel.UNTIED, WeightEncoding.INT8);

  private static final Set<Integer> CHANNELS = Set.of(7, 31, 60);

  /** Where weights before a layer can take the factors, nothing is left to do at run time. */
  @ParameterizedTest
  @CsvSource({
    "showo.model.layers.1.mlp.up_proj.weight, showo.model.layers.1.mlp.down_proj.weight, BACKBONE",
    "diffusion_head_a.0.mlp.up_proj.weight, diffusion_head_a.0.mlp.down_proj.weight, FLOW_HEAD",
    "fusion_proj.0.weight, fusion_proj.1.weight, FUSION"
  })
  void outliersBeforeALayerAreSmoothed(String before, String key, Stage stage) {
    SmallModel model = planted(before, key);
    CalibrationResult without = model.calibrateUnmitigated(INT8);
    assertEquals(List.of(key), keys(without));
    CalibrationResult with = model.calibrate(INT8);
    assertEquals(List.of(), keys(with));
    MitigatedError layer = with.mitigated().get(0);
    assertEquals(1, with.mitigated().size());
    assertEquals(key, layer.after().key());
    assertTrue(layer.isSmoothed() && !layer.changesInputs(), layer::toString);
    assertTrue(layer.before().overall() > 0.06, layer::toString);
    assertTrue(layer.after().overall() < layer.before().overall() / 3, layer::toString);
    assertEquals(Set.of(before, key), with.transforms().keySet());
    double error = with.stages().get(stage).relativeRms();
    assertTrue(error < 0.1, () -> stage + " " + error);
  }

  /** A norm of three layers, and the shift that is added to it. */
  @Test
  void layersWithOneInputAreSmoothedTogether() {
    String block = "diffusion_head_a.1.";
    String norm = block + "input_layernorm.weight";
    SmallModel model = new SmallModel(SmallModel.UNTIED).change(norm, gains -> larger(gains, 80));
    for (String name : List.of("q", "k", "v")) {
      model.change(block + "self_attn." + name + "_proj.weight", row -> larger(row, 1 / 80f));
    }
    CalibrationResult result = model.calibrate(INT8);
    assertEquals(List.of(), keys(result));
    assertEquals(
        Set.of(
            norm,
            block + "adaLN_modulation.1.weight",
            block + "adaLN_modulation.1.bias",
            block + "self_attn.q_proj.weight",
            block + "self_attn.k_proj.weight",
            block + "self_attn.v_proj.weight"),
        result.transforms().keySet());
    assertSame(model, result);
  }

  /** Heads of queries share the values of a group. */
  @Test
  void whatAttentionGivesIsSmoothedInItsValues() {
    String attention = "showo.model.layers.0.self_attn.";
    int[] row = {0};
    SmallModel model =
        new SmallModel(SmallModel.UNTIED)
            .change(
                attention + "v_proj.weight",
                values -> scaled(values, CHANNELS.contains(row[0]++ % 64) ? 90 : 1))
            .change(attention + "v_proj.bias", values -> larger(values, 90))
            .change(
                attention + "o_proj.weight",
                values -> {
                  float[] changed = values.clone();
                  for (int i = 0; i < changed.length; i++) {
                    changed[i] /= CHANNELS.contains(i / 64 * 32 + i % 32) ? 90 : 1;
                  }
                  return changed;
                });
    assertEquals(List.of(attention + "o_proj.weight"), keys(model.calibrateUnmitigated(INT8)));
    CalibrationResult result = model.calibrate(INT8);
    assertEquals(List.of(), keys(result));
    assertEquals(
        Set.of(attention + "v_proj.weight", attention + "v_proj.bias", attention + "o_proj.weight"),
        result.transforms().keySet());
    assertSame(model, result);
  }

  /** The function before is not linear: no weight can take the factors. */
  @ParameterizedTest
  @CsvSource({
    "und_trans.layers.1.mlp.fc1, und_trans.layers.1.mlp.fc2.weight",
    "fusion_proj.1, fusion_proj.3.weight",
    "diff_proj.0, diff_proj.2.weight"
  })
  void outliersBehindAFunctionChangeTheInputs(String before, String key) {
    SmallModel model = planted(before + ".weight", key);
    CalibrationResult without = model.calibrateUnmitigated(INT8);
    assertEquals(List.of(key), keys(without));
    CalibrationResult with = model.calibrate(INT8);
    assertEquals(List.of(), keys(with));
    MitigatedError layer = with.mitigated().get(0);
    assertTrue(layer.changesInputs(), layer::toString);
    assertTrue(layer.after().overall() < layer.before().overall() / 2, layer::toString);
    assertEquals(Set.of(key), with.transforms().keySet());
  }

  /** Factors of channels do not help where each token has another one. */
  @Test
  void inputsWithAnotherLargeChannelInEachTokenAreRotated() {
    String layer = "showo.model.layers.0.mlp.down_proj";
    Encodings encodings =
        Encodings.of(SmallModel.UNTIED, Map.of(layer + ".weight", WeightEncoding.INT8));
    WeightReader reader =
        new WeightReader(SmallModel.UNTIED, new SmallModel(SmallModel.UNTIED), ExportListener.NONE);
    Activations x = Activations.zeros(SmallModel.INNER, 16, 2);
    Random random = new Random(3);
    for (int i = 0; i < x.channels(); i++) {
      for (int t = 0; t < 16; t++) {
        float value = i == 61 * t ? 200 : (float) random.nextGaussian();
        x.values()[i][t] = value;
        x.values()[i][t + 16] = value;
      }
    }
    try (RowWorkers workers = new RowWorkers(1)) {
      LinearLayers layers = new LinearLayers(reader, encodings, workers, true);
      layers.withoutBias(layer, x);
      MitigatedError error = layers.mitigated().get(0);
      assertTrue(error.isRotated() && !error.isSmoothed(), error::toString);
      assertTrue(error.after().overall() < error.before().overall() / 3, error::toString);
    }
  }

  @Test
  void nothingIsDoneWithoutOutliers() {
    CalibrationResult result = new SmallModel(SmallModel.UNTIED).calibrate(INT8);
    assertEquals(List.of(), result.mitigated());
    assertEquals(Map.of(), result.transforms());
  }

  /** In every bit: factors are powers of two. */
  private static void assertSame(SmallModel model, CalibrationResult result) {
    CalibrationSample before = model.calibrate(Map.of()).sample();
    SmallModel smoothed = new SmallModel(SmallModel.UNTIED).like(model);
    result
        .transforms()
        .forEach(
            (key, transform) -> {
              assertTrue(transform.rotation().isEmpty(), key);
              smoothed.change(key, after(model.change(key), rowByRow(key, transform)));
            });
    CalibrationSample after = smoothed.calibrate(Map.of()).sample();
    assertArrayEquals(before.velocity().values(), after.velocity().values());
    assertArrayEquals(before.logits().values(), after.logits().values());
    assertArrayEquals(before.spanHidden().values(), after.spanHidden().values());
  }

  private static UnaryOperator<float[]> after(
      UnaryOperator<float[]> first, UnaryOperator<float[]> second) {
    return values -> second.apply(first.apply(values));
  }

  private static UnaryOperator<float[]> rowByRow(String key, WeightTransform transform) {
    int[] next = {0};
    var shape = ModelKeys.all(SmallModel.UNTIED).get(key);
    return values -> {
      float[] changed = values.clone();
      if (shape.rank() == 1) {
        transform.apply(changed, 0, changed.length, 1);
      } else {
        int rows = (int) shape.dimension(0);
        transform.apply(changed, next[0]++ % rows, 1, changed.length);
      }
      return changed;
    };
  }

  /** Larger rows of one weight, and columns of the next that are as much smaller. */
  private static SmallModel planted(String before, String key) {
    int[] row = {0};
    int rows = (int) ModelKeys.all(SmallModel.UNTIED).get(before).dimension(0);
    boolean isVector = ModelKeys.all(SmallModel.UNTIED).get(before).rank() == 1;
    return new SmallModel(SmallModel.UNTIED)
        .change(
            before,
            values ->
                isVector
                    ? larger(values, 80)
                    : scaled(values, CHANNELS.contains(row[0]++ % rows) ? 80 : 1))
        .change(key, values -> larger(values, 1 / 80f));
  }

  private static float[] scaled(float[] values, float factor) {
    float[] changed = values.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] *= factor;
    }
    return changed;
  }

  private static float[] larger(float[] values, float factor) {
    float[] changed = values.clone();
    CHANNELS.forEach(channel -> changed[channel] *= factor);
    return changed;
  }

  private static List<String> keys(CalibrationResult result) {
    return result.unquantized().stream().map(LayerError::key).toList();
  }
}
