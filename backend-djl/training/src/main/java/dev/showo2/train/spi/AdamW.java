package dev.showo2.train.spi;

import org.apiguardian.api.API;

/**
 * Settings of the optimizer, which computes as torch's AdamW does: epsilon is added to the root
 * after its correction, and decay takes rate · decay · weight from each weight that has a gradient.
 *
 * @param beta1 of the running mean of gradients, in [0, 1)
 * @param beta2 of the running mean of their squares, in [0, 1)
 * @param epsilon added to the root; 0 or more
 * @param weightDecay 0 or more
 * @param maxNorm to which the gradients are clipped together; more than 0, infinite for no clipping
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AdamW(
    double beta1, double beta2, double epsilon, double weightDecay, double maxNorm) {

  /** The settings of the official training: no decay, clipped to norm 1. */
  public static final AdamW OFFICIAL = new AdamW(0.9, 0.999, 1e-8, 0, 1);

  /**
   * Checks the ranges.
   *
   * @param beta1 in [0, 1)
   * @param beta2 in [0, 1)
   * @param epsilon 0 or more
   * @param weightDecay 0 or more
   * @param maxNorm more than 0
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public AdamW {
    require(beta1 >= 0 && beta1 < 1, "beta1 must be in [0, 1)", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2 must be in [0, 1)", beta2);
    require(
        epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY, "epsilon must be 0 or more", epsilon);
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weight decay must be 0 or more",
        weightDecay);
    require(maxNorm > 0, "the largest norm must be more than 0", maxNorm);
  }

  private static void require(boolean condition, String expected, double found) {
    if (!condition) {
      throw new IllegalArgumentException(expected + ", found " + found);
    }
  }
}
