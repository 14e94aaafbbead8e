package dev.showo2.export.internal.plan;

import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.model.Precision;
import org.apiguardian.api.API;

/**
 * Limit of the error that quantization may cause in a stage, given fp32 inputs.
 *
 * @param relativeRms ‖quantized − fp32‖ / ‖fp32‖
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StageLimit(double relativeRms) {

  /**
   * About twice what was measured: the worst stage of the demo checkpoint, the flow head, is off by
   * 0.08 in int8 and 0.26 in int4. In half precision it is more, because the VAEs of the tiny
   * checkpoints are off by up to 0.0014 in fp16 and 0.009 in bf16. In fp32 only the order of sums
   * differs.
   */
  public static StageLimit of(Precision precision) {
    return switch (precision) {
      case FP32 -> new StageLimit(1e-3);
      case FP16 -> new StageLimit(5e-3);
      case BF16 -> new StageLimit(0.03);
      case INT8 -> new StageLimit(0.15);
      case INT4 -> new StageLimit(0.5);
    };
  }

  /** False also for an error that is no number. */
  public boolean allows(StageError error) {
    return error.relativeRms() <= relativeRms;
  }
}
