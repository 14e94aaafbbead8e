package dev.showo2.conformance.compare;

import org.apiguardian.api.API;

/**
 * The largest accepted difference from the reference values.
 *
 * @param bound the largest difference allowed
 * @param scaled whether the bound is meant per unit of max |expected|, which counts as 1 at least
 * @param deviatingShare of all values, how many may differ at all; 1 leaves it to the bound
 * @param cosine the least cosine of the angle between both tensors; -1 leaves it to the bound
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Tolerance(double bound, boolean scaled, double deviatingShare, double cosine) {

  private static final double ANY_ANGLE = -1;

  /** Token ids, and whatever else is equal or wrong. */
  public static final Tolerance EXACT = new Tolerance(0, false, 1);

  /** Pixels in -1 … 1 made from 8-bit ones: the reference may round one value to its neighbor. */
  public static final Tolerance PREPROCESSED = new Tolerance(2 / 255.0 + 1e-6, false, 0.01);

  /**
   * Makes a tolerance. @@ param bound the largest accepted difference @@ param scaled whether the
   * bound is relative to the largest expected value @@ param deviatingShare the share of values
   * that may exceed it, from 0 to 1
   *
   * @param bound the largest difference allowed
   * @param scaled whether the bound is meant per unit of max |expected|, which counts as 1 at least
   * @param deviatingShare of all values, how many may differ at all; 1 leaves it to the bound
   * @param cosine the least cosine of the angle between both tensors; -1 leaves it to the bound
   */
  public Tolerance {
    if (!(bound >= 0)
        || !(deviatingShare >= 0 && deviatingShare <= 1)
        || !(cosine >= -1 && cosine <= 1)) {
      throw new IllegalArgumentException(
          "a bound of at least 0, a share from 0 to 1 and a cosine from -1 to 1 are needed, got "
              + bound
              + ", "
              + deviatingShare
              + " and "
              + cosine);
    }
  }

  /**
   * Makes a tolerance.
   *
   * @param bound the largest accepted difference
   * @param scaled whether the bound is relative to the largest expected value
   * @param deviatingShare the share of values that may exceed it, from 0 to 1
   */
  public Tolerance(double bound, boolean scaled, double deviatingShare) {
    this(bound, scaled, deviatingShare, ANY_ANGLE);
  }

  /** The largest difference allowed where the largest expected magnitude is {@code magnitude}. */
  double allowed(double magnitude) {
    return scaled ? bound * Math.max(1, magnitude) : bound;
  }
}
