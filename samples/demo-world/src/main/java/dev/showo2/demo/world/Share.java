package dev.showo2.demo.world;

import org.apiguardian.api.API;

/**
 * A share of cases, and the range in which the true share is with a confidence of 95 %, by the
 * score interval of Wilson (1927), which holds for few cases and for shares near 0 and 1 as well.
 *
 * @param right cases
 * @param count of all cases
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Share(long right, long count) {

  /** The 97.5 % quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * Checks the numbers.
   *
   * @param right from 0 to count
   * @param count 1 or more
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Share {
    if (count < 1 || right < 0 || right > count) {
      throw new IllegalArgumentException(
          "expected a share of at least one case, found " + right + " of " + count);
    }
  }

  /**
   * Counts the cases of a share.
   *
   * @param share from 0 to 1, a whole number of cases
   * @param count of all cases, 1 or more
   * @return the share
   */
  public static Share of(double share, long count) {
    return new Share(Math.round(share * count), count);
  }

  /**
   * The share that was found.
   *
   * @return 0 to 1
   */
  public double value() {
    return right / (double) count;
  }

  /**
   * The lower end of the interval.
   *
   * @return 0 to {@link #value}
   */
  public double low() {
    // At the ends rounding would leave a little beside 0 and 1.
    return right == 0 ? 0 : middle() - radius();
  }

  /**
   * The upper end of the interval.
   *
   * @return {@link #value} to 1
   */
  public double high() {
    return right == count ? 1 : middle() + radius();
  }

  private double middle() {
    return (value() + Z * Z / (2 * count)) / (1 + Z * Z / count);
  }

  private double radius() {
    double variance = value() * (1 - value()) / count + Z * Z / (4.0 * count * count);
    return Z * Math.sqrt(variance) / (1 + Z * Z / count);
  }
}
