package dev.showo2.train.data;

/**
 * Random numbers that depend on a seed and on what they are drawn for alone, so that there is no
 * state to save (SplitMix64).
 */
final class SeededChoice {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** The numbers for one purpose, such as a loader, a pass and a position in it. */
  SeededChoice(long seed, long... purpose) {
    long mixed = mix(seed + GOLDEN_GAMMA);
    for (long part : purpose) {
      mixed = mix(mixed ^ mix(part + GOLDEN_GAMMA));
    }
    state = mixed;
  }

  /** Uniform in [0, 1) with 53 bits. */
  double next() {
    return (bits() >>> 11) * 0x1p-53;
  }

  /** Uniform from 0 to below the bound, which is at least 1. */
  int below(int bound) {
    return (int) (next() * bound);
  }

  private long bits() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
