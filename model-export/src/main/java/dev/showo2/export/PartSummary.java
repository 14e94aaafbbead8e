package dev.showo2.export;

import dev.showo2.export.calibration.StageError;
import dev.showo2.model.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * What became of one part of a model.
 *
 * @param precision that it has now
 * @param bytes of its weights; time embedding and final layer count as the flow head's
 * @param error how far rounding moves what its stages give, with exact inputs: relative root mean
 *     square, the largest of its stages; empty for parts in fp32 and where it was not measured
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PartSummary(ModelPart part, Precision precision, long bytes, OptionalDouble error) {

  static List<PartSummary> of(WeightPlan plan, CalibratedEncodings calibrated, StageCheck check) {
    return Arrays.stream(ModelPart.values())
        .map(
            part ->
                new PartSummary(
                    part,
                    calibrated.precision().of(part),
                    plan.weights().bytes(part),
                    error(part, calibrated, check)))
        .toList();
  }

  private static OptionalDouble error(
      ModelPart part, CalibratedEncodings calibrated, StageCheck check) {
    return calibrated.precision().of(part) == Precision.FP32
        ? OptionalDouble.empty()
        : part.stages().stream()
            .flatMap(stage -> calibrated.error(stage, check).stream())
            .mapToDouble(StageError::relativeRms)
            .max();
  }
}
