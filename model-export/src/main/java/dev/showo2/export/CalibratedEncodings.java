package dev.showo2.export;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.calibration.Calibration;
import dev.showo2.export.calibration.CalibrationPrompt;
import dev.showo2.export.calibration.CalibrationResult;
import dev.showo2.export.calibration.CalibrationSample;
import dev.showo2.export.calibration.LayerError;
import dev.showo2.export.calibration.StageError;
import dev.showo2.export.quantization.WeightEncoding;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the weights of a model will be rounded, and what that does to it.
 *
 * @param encodings with those layers in 32-bit floats that would lose too much
 * @param calibration empty if all of the model but its VAE stays in 32-bit floats
 */
record CalibratedEncodings(
    ExportPrecision precision, EncodingPlan encodings, Optional<CalibrationResult> calibration) {

  /**
   * Finds out before anything is written.
   *
   * @throws UnsupportedFeatureException if a stage is off by more than its precision allows
   */
  static CalibratedEncodings of(
      ModelSource source, ExportPrecision precision, EncodingPlan asked, ExportListener listener) {
    Map<String, WeightEncoding> linear = asked.without(source.architecture().vae());
    if (linear.isEmpty()) {
      return new CalibratedEncodings(precision, asked, Optional.empty());
    }
    CalibrationResult result =
        Calibration.run(
            source.architecture(),
            source.model(),
            linear,
            CalibrationPrompt.ids(source.tokenizerFile()),
            listener);
    return of(precision, asked, result);
  }

  /** With what was found out about the encodings that were asked for. */
  static CalibratedEncodings of(
      ExportPrecision precision, EncodingPlan asked, CalibrationResult result) {
    CalibratedEncodings calibrated =
        new CalibratedEncodings(
            precision,
            asked.keepingInFloat(result.kept().stream().map(LayerError::key).toList()),
            Optional.of(result));
    calibrated.requireWithinLimits(result);
    return calibrated;
  }

  private void requireWithinLimits(CalibrationResult result) {
    result
        .stages()
        .forEach(
            (stage, error) -> {
              StageLimit limit = limit(stage);
              if (!limit.allows(error)) {
                throw new UnsupportedFeatureException(
                    "stage "
                        + stage.id()
                        + " in "
                        + precision.byStage().of(stage).id()
                        + " is off by "
                        + error.relativeRms()
                        + " of what it gives, more than the "
                        + limit.relativeRms()
                        + " that are allowed; choose a more exact precision for this part");
              }
            });
  }

  StageLimit limit(Stage stage) {
    return StageLimit.of(precision.byStage().of(stage));
  }

  /** What was found on a backend, else what was computed beforehand. */
  Optional<StageError> error(Stage stage, StageCheck check) {
    return Optional.ofNullable(check.errors().get(stage))
        .or(() -> calibration.map(result -> result.stages().get(stage)));
  }

  /** To check a backend with. */
  Optional<CalibrationSample> sample() {
    return calibration.map(CalibrationResult::sample);
  }

  List<UnquantizedLayer> kept() {
    return calibration.stream()
        .flatMap(result -> result.kept().stream())
        .map(layer -> new UnquantizedLayer(layer.key(), layer.overall(), layer.worstToken()))
        .toList();
  }
}
