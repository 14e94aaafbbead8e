package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Channels of a layer's input that are far larger than all others. */
class OutlierTest {

  private static final String LAYER = "showo.model.layers.1.mlp.";
  private static final String DOWN = LAYER + "down_proj.weight";
  private static final int CHANNEL = 37;
  private static final float FACTOR = 300;

  /** The model computes the same as without, but nothing except for one channel survives. */
  @Test
  void aPlantedChannelIsFoundAndNamed() {
    CalibrationResult result =
        planted().calibrateUnmitigated(SmallModel.all(SmallModel.TIED, WeightEncoding.INT8));
    assertEquals(List.of(DOWN), keys(result));
    LayerError layer = result.unquantized().get(0);
    assertTrue(layer.overall() > 3 * layer.limits().overall(), layer::toString);
    assertTrue(layer.toString().contains(DOWN), layer::toString);
  }

  @Test
  void anUnquantizedLayerIsFp32InTheQuantizedStream() {
    CalibrationResult alone = planted().calibrateUnmitigated(Map.of(DOWN, WeightEncoding.INT8));
    assertEquals(List.of(DOWN), keys(alone));
    assertEquals(StageError.NONE, alone.stages().get(Stage.BACKBONE));
  }

  /** Only inputs of 8 bits have one scale for all channels. */
  @Test
  void otherEncodingsDoNotMindIt() {
    assertEquals(List.of(), keys(planted().calibrate(WeightEncoding.INT4)));
    assertEquals(List.of(), keys(planted().calibrate(WeightEncoding.BFLOAT16)));
  }

  /** A large weight beside small ones, in the same row and block. */
  @Test
  void coarseWeightsAreFound() {
    String key = "und_trans.layers.0.mlp.fc1.weight";
    SmallModel model =
        new SmallModel(SmallModel.TIED)
            .change(
                key,
                row -> {
                  float[] changed = row.clone();
                  for (int block = 0; block < row.length; block += 32) {
                    changed[block] *= 1e-4f;
                    changed[block + 1] = 0.9f;
                    changed[block + 2] = -0.9f;
                  }
                  return changed;
                });
    String other = "und_trans.layers.1.mlp.fc1.weight";
    CalibrationResult result =
        model.calibrate(Map.of(key, WeightEncoding.INT4, other, WeightEncoding.INT4));
    double coarse = error(result, key);
    assertTrue(coarse > 1.5 * error(result, other), () -> "error " + coarse);
  }

  /** The largest half-precision number is 65504. */
  @Test
  void weightsBeyondHalfPrecisionAreKept() {
    String key = "showo.model.layers.0.self_attn.v_proj.weight";
    SmallModel model =
        new SmallModel(SmallModel.TIED)
            .change(
                key,
                row -> {
                  float[] changed = row.clone();
                  changed[0] = 70_000;
                  return changed;
                });
    assertEquals(List.of(key), keys(model.calibrate(Map.of(key, WeightEncoding.FLOAT16))));
  }

  /** A layer that the head needs in fp32 stays so for the embedding too: the matrix is one. */
  @Test
  void aTiedMatrixStaysInFp32ForBothOfItsUses() {
    SmallModel model =
        new SmallModel(SmallModel.TIED)
            .change(
                "showo.model.norm.weight",
                gains -> {
                  float[] changed = gains.clone();
                  changed[CHANNEL] = 1e4f;
                  return changed;
                })
            .change(StagePasses.TextEmbeddingPass.MATRIX, row -> scaled(row, CHANNEL, 1e-4f));
    CalibrationResult result =
        model.calibrate(Map.of(StagePasses.TextEmbeddingPass.MATRIX, WeightEncoding.INT8));
    assertEquals(List.of(StagePasses.TextEmbeddingPass.MATRIX), keys(result));
    assertEquals(StageError.NONE, result.stages().get(Stage.TEXT_EMBEDDING));
    assertEquals(StageError.NONE, result.stages().get(Stage.LANGUAGE_HEAD));
  }

  private static SmallModel planted() {
    int[] row = {0};
    return new SmallModel(SmallModel.TIED)
        .change(
            LAYER + "up_proj.weight",
            values -> {
              float[] changed = values.clone();
              float factor = row[0]++ % SmallModel.INNER == CHANNEL ? FACTOR : 1;
              for (int i = 0; i < changed.length; i++) {
                changed[i] *= factor;
              }
              return changed;
            })
        .change(DOWN, values -> scaled(values, CHANNEL, 1 / FACTOR));
  }

  private static float[] scaled(float[] row, int index, float factor) {
    float[] changed = row.clone();
    changed[index] *= factor;
    return changed;
  }

  private static List<String> keys(CalibrationResult result) {
    return result.unquantized().stream().map(LayerError::key).toList();
  }

  private static double error(CalibrationResult result, String key) {
    return result.layers().stream()
        .filter(layer -> layer.key().equals(key))
        .findFirst()
        .orElseThrow()
        .overall();
  }
}
