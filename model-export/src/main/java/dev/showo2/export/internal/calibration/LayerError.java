package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.WeightEncoding;
import java.util.Locale;
import org.apiguardian.api.API;

/**
 * Error that quantizing one layer causes in its own output, given its fp32 input.
 *
 * @param key of its weight
 * @param encoding of the weight, as it was asked for
 * @param overall ‖quantized − fp32‖ / ‖fp32‖ over all tokens
 * @param worstToken the largest of the same quotients of single tokens
 * @param limits that neither may exceed
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record LayerError(
    String key, WeightEncoding encoding, double overall, double worstToken, ErrorLimits limits) {

  /** Whether the layer has to stay in 32-bit floats; also if its error is no number. */
  public boolean isKept() {
    return !(overall <= limits.overall() && worstToken <= limits.worstToken());
  }

  /** That which decides, of two errors of one weight. */
  LayerError worse(LayerError other) {
    if (isKept() != other.isKept()) {
      return isKept() ? this : other;
    }
    return overall > other.overall ? this : other;
  }

  /** Key, encoding, and both errors with their limits. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s %s: error %.4f (at most %.3f), worst token %.4f (at most %.3f)",
        key,
        encoding,
        overall,
        limits.overall(),
        worstToken,
        limits.worstToken());
  }
}
