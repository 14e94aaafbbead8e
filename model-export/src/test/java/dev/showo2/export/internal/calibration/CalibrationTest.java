package dev.showo2.export.internal.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class CalibrationTest {

  private static final Set<Stage> STAGES =
      Set.of(
          Stage.TEXT_EMBEDDING, Stage.FUSION, Stage.BACKBONE, Stage.LANGUAGE_HEAD, Stage.FLOW_HEAD);

  @Test
  void whatIsNotEncodedHasNoError() {
    CalibrationResult result = new SmallModel(SmallModel.TIED).calibrate(Map.of());
    assertEquals(List.of(), result.layers());
    assertEquals(STAGES, result.stages().keySet());
    result.stages().forEach((stage, error) -> assertEquals(StageError.NONE, error, stage::id));
  }

  /** Where to expect which errors is said in {@link ErrorLimits}. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "FLOAT32")
  void layersWithoutOutliersStayEncoded(WeightEncoding encoding) {
    CalibrationResult result = new SmallModel(SmallModel.UNTIED).calibrate(encoding);
    assertEquals(SmallModel.all(SmallModel.UNTIED, encoding).size(), result.layers().size());
    assertEquals(List.of(), result.unquantized());
    double least = ErrorLimits.of(encoding).overall() / 25;
    for (LayerError layer : result.layers()) {
      assertTrue(layer.overall() > least, layer::toString);
      assertTrue(layer.worstToken() >= layer.overall() * 0.99, layer::toString);
    }
    result
        .stages()
        .forEach(
            (stage, error) -> {
              assertTrue(error.relativeRms() > least, () -> stage + " " + error);
              assertTrue(
                  error.relativeRms() < 4 * ErrorLimits.of(encoding).overall(),
                  () -> stage + " " + error);
              assertTrue(error.cosine() > 0.9 && error.cosine() < 1, () -> stage + " " + error);
            });
  }

  @Test
  void onlyStagesWithEncodedLayersHaveErrors() {
    String layer = "diffusion_head_a.1.self_attn.o_proj.weight";
    CalibrationResult result =
        new SmallModel(SmallModel.TIED).calibrate(Map.of(layer, WeightEncoding.INT8));
    assertEquals(List.of(layer), result.layers().stream().map(LayerError::key).toList());
    result
        .stages()
        .forEach(
            (stage, error) ->
                assertEquals(stage != Stage.FLOW_HEAD, error.equals(StageError.NONE), stage::id));
  }

  @Test
  void theSampleDoesNotDependOnEncodings() {
    CalibrationSample fp32 = new SmallModel(SmallModel.TIED).calibrate(Map.of()).sample();
    CalibrationSample other =
        new SmallModel(SmallModel.TIED).calibrate(WeightEncoding.INT8).sample();
    assertArrayEquals(fp32.velocity().values(), other.velocity().values());
    assertArrayEquals(fp32.logits().values(), other.logits().values());
    assertEquals(fp32.latents(), other.latents());
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    CalibrationResult one = calibrate(1);
    CalibrationResult many = calibrate(5);
    assertEquals(one.layers(), many.layers());
    assertEquals(one.stages(), many.stages());
    assertEquals(one.sample().velocity(), many.sample().velocity());
  }

  private static CalibrationResult calibrate(int threads) {
    return Calibration.run(
        SmallModel.UNTIED,
        new SmallModel(SmallModel.UNTIED),
        SmallModel.all(SmallModel.UNTIED, WeightEncoding.INT8),
        SmallModel.IDS,
        ExportListener.NONE,
        threads,
        true);
  }

  @Test
  void everyWeightIsReadOnceAndOnlyATiedMatrixTwice() {
    SmallModel tied = new SmallModel(SmallModel.TIED);
    tied.calibrate(WeightEncoding.INT8);
    assertEquals(ModelKeys.all(SmallModel.TIED).keySet(), tied.reads().keySet());
    tied.reads()
        .forEach(
            (key, reads) ->
                assertEquals(key.equals(StagePasses.TextEmbeddingPass.MATRIX) ? 2 : 1, reads));
  }

  @Test
  void tellsHowFarItIs() {
    List<String> phases = new ArrayList<>();
    List<Long> progress = new ArrayList<>();
    long[] remaining = {-1};
    ExportListener listener =
        new ExportListener() {
          @Override
          public void phase(String what) {
            phases.add(what);
          }

          @Override
          public void progress(long done, long total) {
            assertTrue(progress.isEmpty() || done > progress.get(progress.size() - 1));
            assertTrue(done <= total);
            progress.add(done);
            remaining[0] = total - done;
          }
        };
    Calibration.run(
        SmallModel.TIED, new SmallModel(SmallModel.TIED), Map.of(), SmallModel.IDS, listener);
    assertEquals(5, phases.size());
    assertEquals("calibrating text_embedding", phases.get(0));
    assertEquals(0, remaining[0], "bytes that remain at the end");
  }

  @Test
  void endsWhenInterrupted() {
    ExportListener listener =
        new ExportListener() {
          @Override
          public void phase(String what) {
            if (what.contains("backbone")) {
              Thread.currentThread().interrupt();
            }
          }
        };
    assertThrows(
        CancelledException.class,
        () ->
            Calibration.run(
                SmallModel.TIED,
                new SmallModel(SmallModel.TIED),
                Map.of(),
                SmallModel.IDS,
                listener));
    assertTrue(Thread.interrupted(), "the thread stays interrupted");
  }

  @Test
  void refusesWhatCannotBeEncoded() {
    refuses("position_embedding.weight", WeightEncoding.INT8, "FLOAT32");
    refuses("showo.model.norm.weight", WeightEncoding.INT8, "none of them");
    refuses("no.such.weight", WeightEncoding.FLOAT16, "none of them");
    Architecture odd = SmallModel.architecture(120, 100, true);
    assertThrows(
        IllegalArgumentException.class, () -> new SmallModel(odd).calibrate(WeightEncoding.INT4));
  }

  private static void refuses(String key, WeightEncoding encoding, String reason) {
    Exception refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new SmallModel(SmallModel.TIED).calibrate(Map.of(key, encoding)));
    assertTrue(refused.getMessage().contains(reason), refused::getMessage);
  }

  @Test
  void refusesModelsThatGiveNoNumbers() {
    SmallModel model =
        new SmallModel(SmallModel.TIED)
            .change(
                "showo.model.layers.1.mlp.up_proj.weight",
                row -> {
                  float[] changed = row.clone();
                  changed[7] = Float.NaN;
                  return changed;
                });
    Exception refused =
        assertThrows(InvalidModelException.class, () -> model.calibrate(WeightEncoding.INT8));
    assertTrue(refused.getMessage().contains("backbone"), refused::getMessage);
  }

  @Test
  void refusesOtherShapesAndUnknownIds() {
    assertThrows(
        InvalidModelException.class,
        () ->
            Calibration.run(
                SmallModel.architecture(128, 101, true),
                new SmallModel(SmallModel.TIED),
                Map.of(),
                SmallModel.IDS,
                ExportListener.NONE));
    assertThrows(
        InvalidRequestException.class,
        () ->
            Calibration.run(
                SmallModel.TIED,
                new SmallModel(SmallModel.TIED),
                Map.of(),
                new int[] {100},
                ExportListener.NONE));
  }
}
