package dev.showo2.export.internal.plan;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.MitigatedLayer;
import dev.showo2.export.ModelPart;
import dev.showo2.export.PartSummary;
import dev.showo2.export.UnquantizedLayer;
import dev.showo2.export.internal.calibration.Calibration;
import dev.showo2.export.internal.calibration.CalibrationPrompt;
import dev.showo2.export.internal.calibration.CalibrationResult;
import dev.showo2.export.internal.calibration.CalibrationSample;
import dev.showo2.export.internal.calibration.LayerError;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * Storage types of a model's weights, and the errors that they cause.
 *
 * @param encodings with those layers in 32-bit floats that would lose too much
 * @param calibration empty if all of the model but its VAE stays in 32-bit floats
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record CalibratedEncodings(
    ExportPrecision precision, EncodingPlan encodings, Optional<CalibrationResult> calibration) {

  /**
   * Finds out before anything is written.
   *
   * @throws UnsupportedFeatureException if a stage is off by more than its precision allows
   */
  public static CalibratedEncodings of(
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
  public static CalibratedEncodings of(
      ExportPrecision precision, EncodingPlan asked, CalibrationResult result) {
    CalibratedEncodings calibrated =
        new CalibratedEncodings(
            precision,
            asked
                .leavingUnquantized(result.unquantized().stream().map(LayerError::key).toList())
                .with(result.transforms()),
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
                        + " that are allowed; choose a higher precision for this part");
              }
            });
  }

  public StageLimit limit(Stage stage) {
    return StageLimit.of(precision.byStage().of(stage));
  }

  /**
   * The error of a stage.
   *
   * @param measured on a backend; the calibration answers for stages that are not in it
   */
  public Optional<StageError> error(Stage stage, Map<Stage, StageError> measured) {
    return Optional.ofNullable(measured.get(stage))
        .or(() -> calibration.map(result -> result.stages().get(stage)));
  }

  /** To check a backend with. */
  public Optional<CalibrationSample> sample() {
    return calibration.map(CalibrationResult::sample);
  }

  public List<UnquantizedLayer> unquantized() {
    return calibration.stream()
        .flatMap(result -> result.unquantized().stream())
        .map(layer -> new UnquantizedLayer(layer.key(), layer.overall(), layer.worstToken()))
        .toList();
  }

  public List<MitigatedLayer> mitigated() {
    return calibration.stream()
        .flatMap(result -> result.mitigated().stream())
        .map(
            layer ->
                new MitigatedLayer(
                    layer.after().key(),
                    layer.isSmoothed(),
                    layer.isRotated(),
                    layer.changesInputs(),
                    layer.before().overall(),
                    layer.after().overall()))
        .toList();
  }

  /**
   * Size and error of each part.
   *
   * @param weights of the whole bundle
   * @param measured errors of the stages that were run on a backend
   */
  public List<PartSummary> parts(BundleWeights weights, Map<Stage, StageError> measured) {
    return Arrays.stream(ModelPart.values())
        .map(
            part ->
                new PartSummary(
                    part, precision.of(part), weights.bytes(part), error(part, measured)))
        .toList();
  }

  private OptionalDouble error(ModelPart part, Map<Stage, StageError> measured) {
    return precision.of(part) == Precision.FP32
        ? OptionalDouble.empty()
        : part.stages().stream()
            .flatMap(stage -> error(stage, measured).stream())
            .mapToDouble(StageError::relativeRms)
            .max();
  }
}
