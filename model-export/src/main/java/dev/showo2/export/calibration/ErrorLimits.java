package dev.showo2.export.calibration;

import dev.showo2.export.quantization.WeightEncoding;
import org.apiguardian.api.API;

/**
 * How far a layer's output may move by rounding.
 *
 * @param overall over all tokens
 * @param worstToken of a single token
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ErrorLimits(double overall, double worstToken) {

  /** Those of an encoding. */
  public static ErrorLimits of(WeightEncoding encoding) {
    return switch (encoding) {
      case FLOAT32 -> new ErrorLimits(0, 0);
      case FLOAT16 -> new ErrorLimits(0.002, 0.01);
      case BFLOAT16 -> new ErrorLimits(0.01, 0.05);
      case INT8 -> new ErrorLimits(0.05, 0.2);
      case INT4 -> new ErrorLimits(0.2, 0.4);
    };
  }
}
