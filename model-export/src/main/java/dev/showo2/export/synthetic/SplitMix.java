package dev.showo2.export.synthetic;

/**
 * The SplitMix64 generator of Steele, Lea and Flood ("Fast Splittable Pseudorandom Number
 * Generators", 2014). Written out, because the bytes of a checkpoint must not depend on the Java
 * version, and fast, because there are billions of them.
 */
final class SplitMix {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final float UNIT = 0x1p-24f;

  private long state;

  /**
   * @param seed of the whole
   * @param stream of which each name has its own
   */
  SplitMix(long seed, String stream) {
    state = seed;
    for (int i = 0; i < stream.length(); i++) {
      state = nextLong() ^ stream.charAt(i);
    }
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  /** Evenly distributed from -1 to below 1. */
  float nextFloat() {
    return 2 * UNIT * (nextLong() >>> 40) - 1;
  }
}
