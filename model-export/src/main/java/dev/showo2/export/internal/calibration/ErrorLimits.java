package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.WeightEncoding;
import org.apiguardian.api.API;

/**
 * Limits of the error that quantization may cause in a layer's output.
 *
 * @param overall over all tokens
 * @param worstToken of a single token
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ErrorLimits(double overall, double worstToken) {

  /**
   * Those of an encoding: about twice what the worst layer without outliers has in the tiny, demo
   * and synthetic checkpoints. There layers with 8-bit weights and inputs have errors of 0.01 to
   * 0.03 (the worst token 0.05), with 4-bit weights 0.06 to 0.10 (0.14). A layer whose input has an
   * outlier channel loses most of its other channels and goes far beyond.
   */
  public static ErrorLimits of(WeightEncoding encoding) {
    return switch (encoding) {
      case FLOAT32 -> new ErrorLimits(0, 0);
      case FLOAT16 -> new ErrorLimits(0.001, 0.002);
      case BFLOAT16 -> new ErrorLimits(0.005, 0.01);
      case INT8 -> new ErrorLimits(0.06, 0.12);
      case INT4 -> new ErrorLimits(0.2, 0.3);
    };
  }
}
