package dev.showo2.conformance.compare;

import org.apiguardian.api.API;

/**
 * How far values may lie from the reference.
 *
 * @param bound the largest difference allowed
 * @param scaled whether the bound is meant per unit of max |expected|, which counts as 1 at least
 * @param deviatingShare of all values, how many may differ at all; 1 leaves it to the bound
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Tolerance(double bound, boolean scaled, double deviatingShare) {

  /** One stage in fp32; a wrong epsilon in a norm already shows at 1e-5 to 5e-5. */
  public static final Tolerance STAGE = new Tolerance(2e-5, true, 1);

  /** A whole run of the sampler in fp32. */
  public static final Tolerance TRAJECTORY = new Tolerance(2e-4, true, 1);

  /** Token ids: equal. */
  public static final Tolerance EXACT = new Tolerance(0, false, 1);

  /**
   * 8-bit pixels: equal, but for one channel value in a thousand that sits on a rounding edge and
   * may be one off.
   */
  public static final Tolerance PIXELS = new Tolerance(1, false, 0.001);

  /** Pixels in -1 … 1 made from 8-bit ones: the reference may round one value to its neighbour. */
  public static final Tolerance PREPROCESSED = new Tolerance(2 / 255.0 + 1e-6, false, 0.01);

  public Tolerance {
    if (!(bound >= 0) || !(deviatingShare >= 0 && deviatingShare <= 1)) {
      throw new IllegalArgumentException(
          "a bound of at least 0 and a share from 0 to 1 are needed, got "
              + bound
              + " and "
              + deviatingShare);
    }
  }

  /** The largest difference allowed where the largest expected magnitude is {@code magnitude}. */
  public double allowed(double magnitude) {
    return scaled ? bound * Math.max(1, magnitude) : bound;
  }
}
