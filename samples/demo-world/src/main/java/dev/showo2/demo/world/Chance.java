package dev.showo2.demo.world;

import java.util.Optional;
import java.util.Random;

/** Choices that a seed decides. */
final class Chance {

  private Chance() {}

  @SafeVarargs
  static <T> T any(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Chosen with a chance of cases in so many, else left open. */
  @SafeVarargs
  static <T> Optional<T> maybe(Random random, int cases, int in, T... choices) {
    return random.nextInt(in) < cases
        ? Optional.of(choices[random.nextInt(choices.length)])
        : Optional.empty();
  }

  /** Equally likely between minus the range and the range. */
  static double within(double range, Random random) {
    return (2 * random.nextDouble() - 1) * range;
  }
}
