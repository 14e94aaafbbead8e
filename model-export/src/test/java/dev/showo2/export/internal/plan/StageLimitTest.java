package dev.showo2.export.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ModelPart;
import dev.showo2.export.UnquantizedLayer;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.calibration.CalibrationResult;
import dev.showo2.export.internal.calibration.ErrorLimits;
import dev.showo2.export.internal.calibration.LayerError;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks the conclusions that are drawn from the results of a calibration. */
class StageLimitTest {

  private static final String KEY = "showo.model.layers.0.self_attn.v_proj.weight";

  @ParameterizedTest
  @CsvSource({
    "backbone=fp16, BACKBONE, 0.25, 0.005",
    "flow-head=bf16, FLOW_HEAD, 0.031, 0.03",
    "int8, FUSION, 0.16, 0.15",
    "int4, FLOW_HEAD, 0.75, 0.5",
    "int4, LANGUAGE_HEAD, 0.16, 0.15",
    "int8, TEXT_EMBEDDING, NaN, 0.15"
  })
  void aStageBeyondItsLimitIsRefused(String precision, Stage stage, double error, double limit) {
    ExportPrecision parts = ExportPrecision.parse(precision);
    Exception e =
        assertThrows(
            UnsupportedFeatureException.class,
            () -> rounding(parts, Map.of(stage, new StageError(error, 0, 1)), List.of()));
    assertEquals(
        "stage %s in %s is off by %s of what it gives, more than the %s that are allowed; %s"
            .formatted(
                stage.id(),
                parts.byStage().of(stage).id(),
                error,
                limit,
                "choose a higher precision for this part"),
        e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void theLimitItselfIsAllowed(Precision precision) {
    StageLimit limit = StageLimit.of(precision);
    StageError error = new StageError(limit.relativeRms(), 1, 0);
    CalibratedEncodings calibrated =
        rounding(
            new ExportPrecision(Map.of(ModelPart.BACKBONE, precision)),
            Map.of(Stage.BACKBONE, error),
            List.of());
    assertEquals(error, calibrated.error(Stage.BACKBONE, Map.of()).orElseThrow());
  }

  @Test
  void unquantizedLayersAreNotEncoded() {
    ErrorLimits limits = ErrorLimits.of(WeightEncoding.INT8);
    CalibratedEncodings calibrated =
        rounding(
            ExportPrecision.parse("backbone=int8"),
            Map.of(Stage.BACKBONE, StageError.NONE),
            List.of(
                new LayerError(KEY, WeightEncoding.INT8, 0.25, 0.5, limits),
                new LayerError(
                    KEY.replace("v_proj", "o_proj"), WeightEncoding.INT8, 0.01, 0.02, limits)));
    assertEquals(List.of(new UnquantizedLayer(KEY, 0.25, 0.5)), calibrated.unquantized());
    assertEquals(WeightEncoding.FLOAT32, calibrated.encodings().of(KEY));
    assertEquals(WeightEncoding.INT8, calibrated.encodings().of(KEY.replace("v_proj", "o_proj")));
  }

  private static CalibratedEncodings rounding(
      ExportPrecision precision, Map<Stage, StageError> stages, List<LayerError> layers) {
    return CalibratedEncodings.of(
        precision,
        EncodingPlan.of(TinyArchitecture.TIED, precision),
        new CalibrationResult(stages, layers, List.of(), Map.of(), null));
  }
}
