package dev.showo2.export.internal.calibration;

import dev.showo2.tensor.HostTensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Error that quantized weights cause in the output of a stage, given fp32 inputs.
 *
 * @param relativeRms ‖quantized − fp32‖ / ‖fp32‖ over all values
 * @param largest difference of one value, relative to the largest fp32 magnitude
 * @param cosine of the angle between the two
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StageError(double relativeRms, double largest, double cosine) {

  /** Of a stage that is computed in 32-bit floats. */
  public static final StageError NONE = new StageError(0, 0, 1);

  /** Of one tensor. */
  public static StageError of(HostTensor fp32, HostTensor quantized) {
    return of(List.of(fp32), List.of(quantized));
  }

  /** Of several tensors, taken together. */
  public static StageError of(List<HostTensor> fp32, List<HostTensor> quantized) {
    double squares = 0;
    double quantizedSquares = 0;
    double product = 0;
    double squaredErrors = 0;
    double magnitude = 0;
    double largest = 0;
    for (int part = 0; part < fp32.size(); part++) {
      for (int i = 0; i < fp32.get(part).values().length; i++) {
        double expected = fp32.get(part).values()[i];
        double found = quantized.get(part).values()[i];
        squares += expected * expected;
        quantizedSquares += found * found;
        product += expected * found;
        squaredErrors += (found - expected) * (found - expected);
        magnitude = Math.max(magnitude, Math.abs(expected));
        largest = Math.max(largest, Math.abs(found - expected));
      }
    }
    if (squaredErrors == 0) {
      return NONE;
    }
    return new StageError(
        Math.sqrt(squaredErrors / squares),
        largest / magnitude,
        product / Math.sqrt(squares * quantizedSquares));
  }
}
