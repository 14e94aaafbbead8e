package dev.showo2.conformance.compare;

import dev.showo2.model.Precision;
import org.apiguardian.api.API;

/**
 * The largest accepted differences of the results of a backend from the reference, which computes
 * in 32-bit floats or better, when the backend computes in a precision.
 *
 * <p>Rounding hardly shows in the direction of a tensor and clearly in its single values: below
 * fp32 both the largest difference and the cosine are bounded. What is allowed is two to five times
 * what rounding the weights alone does to the goldens of {@code tiny-a} and {@code tiny-b}.
 *
 * <p>A backend compared with itself has the same rounded weights twice. What is left is how its
 * engine rounds while it computes: in int8, sums in another order may move an input of a layer to
 * the next integer, which shows up to 2.5e-2 in the reference. Engines may compute int4 in fp16.
 *
 * @param stage one stage, given inputs of the reference
 * @param pieces one stage, compared with itself: the same values in other pieces, in another batch
 *     or after a fork or a cut
 * @param trajectory a whole run of the sampler
 * @param pixels 8-bit pixels at the end of a whole run
 * @param judgesTokens whether tokens that were generated must be those of the reference
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Tolerances(
    Tolerance stage,
    Tolerance pieces,
    Tolerance trajectory,
    Tolerance pixels,
    boolean judgesTokens) {

  /**
   * {@return the tolerances of a precision}
   *
   * @param precision the precision
   */
  public static Tolerances of(Precision precision) {
    Tolerance half = new Tolerance(2e-2, true, 1, 0.9999);
    Tolerance brain = new Tolerance(2e-1, true, 1, 0.999);
    return switch (precision) {
      case FP32 -> exact();
      case FP16 -> rounded(half, half, new Tolerance(5e-2, true, 1, 0.999));
      case BF16 -> rounded(brain, brain, new Tolerance(3e-1, true, 1, 0.99));
      case INT8 ->
          rounded(
              new Tolerance(1e-1, true, 1, 0.999),
              new Tolerance(5e-2, true, 1, 0.9995),
              new Tolerance(5e-1, true, 1, 0.98));
      case INT4 ->
          rounded(new Tolerance(8e-1, true, 1, 0.93), half, new Tolerance(2, true, 1, 0.7));
    };
  }

  /**
   * A wrong epsilon in a norm already shows at 1e-5 to 5e-5. Pixels are equal, but for one channel
   * value in a thousand that sits on a rounding edge and may be one off.
   */
  private static Tolerances exact() {
    Tolerance stage = new Tolerance(2e-5, true, 1);
    return new Tolerances(
        stage, stage, new Tolerance(2e-4, true, 1), new Tolerance(1, false, 0.001), true);
  }

  /**
   * Below fp32 a near tie between tokens may fall to the other side, and all that follows is
   * another text: the share of equal tokens is shown and not judged.
   */
  private static Tolerances rounded(Tolerance stage, Tolerance pieces, Tolerance trajectory) {
    return new Tolerances(
        stage, pieces, trajectory, new Tolerance(255, false, 1, trajectory.cosine()), false);
  }
}
