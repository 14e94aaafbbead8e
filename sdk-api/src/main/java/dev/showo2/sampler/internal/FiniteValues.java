package dev.showo2.sampler.internal;

import dev.showo2.error.BackendException;
import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * Check of results at the places where NaN can still be seen: layers of int8 and int4 round their
 * inputs to 8 bits, which makes ordinary numbers of it, so that logits and velocities behind them
 * are finite and wrong.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FiniteValues {

  private FiniteValues() {}

  /**
   * Reads a result on the host.
   *
   * @param what it is, for the message
   * @param result stays open
   * @return the result
   * @throws BackendException if one of its values is not finite
   */
  public static Tensor require(String what, Tensor result) {
    float[] values = result.toHost().values();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new BackendException(
            what
                + ": expected finite values; found "
                + values[i]
                + " at index "
                + i
                + "; the model overflows in this precision or its weights are corrupt; run it in"
                + " 32-bit floats, and check the bundle if that does not help");
      }
    }
    return result;
  }
}
