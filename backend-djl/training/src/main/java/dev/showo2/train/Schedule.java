package dev.showo2.train;

import org.apiguardian.api.API;

/**
 * The course of the learning rate (SPEC 10): it rises linearly from 0 during the warm-up, and then
 * stays or falls to 0 along half a cosine. Immutable.
 *
 * @param kind of the part behind the warm-up
 * @param warmup updates until the full rate; 0 or more
 * @param steps updates of the whole run; 1 or more
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Schedule(Kind kind, long warmup, long steps) {

  /** The parts that follow the warm-up. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Kind {
    /** The full rate until the end. */
    CONSTANT,
    /** ½(1 + cos(π · progress)), where progress goes from 0 behind the warm-up to 1 at the end. */
    COSINE
  }

  /**
   * Checks the ranges.
   *
   * @param kind of the part behind the warm-up
   * @param warmup 0 or more
   * @param steps 1 or more
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Schedule {
    if (warmup < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "a schedule needs 0 or more updates of warm-up and at least 1 in all, found "
              + warmup
              + " and "
              + steps);
    }
  }

  /**
   * Computes the factor of the rates.
   *
   * @param updates made so far; 0 or more. The first one has the factor 0 if there is a warm-up.
   * @return in [0, 1]
   */
  public double factor(long updates) {
    if (updates < warmup) {
      return (double) updates / warmup;
    }
    return switch (kind) {
      case CONSTANT -> 1;
      case COSINE -> {
        double progress = (double) (updates - warmup) / Math.max(1, steps - warmup);
        yield Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
      }
    };
  }
}
