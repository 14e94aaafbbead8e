package dev.showo2.sampler;

/** MT19937 as torch's CPU generator runs it (SPEC appendix A). */
final class MersenneTwister {

  private static final int SIZE = 624;
  private static final int MIDDLE = 397;

  private final int[] state = new int[SIZE];
  private int next = SIZE;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int j = 1; j < SIZE; j++) {
      int previous = state[j - 1];
      state[j] = 1812433253 * (previous ^ (previous >>> 30)) + j;
    }
  }

  /** 32 uniform bits. */
  int nextBits() {
    if (next == SIZE) {
      twist();
      next = 0;
    }
    int x = state[next++];
    x ^= x >>> 11;
    x ^= (x << 7) & 0x9d2c5680;
    x ^= (x << 15) & 0xefc60000;
    return x ^ (x >>> 18);
  }

  /** Uniform in [0, 1) with 24 bits; one draw. */
  float nextFloat() {
    return (nextBits() & 0xffffff) * 0x1p-24f;
  }

  /** Uniform in [0, 1) with 53 bits; two draws, the first is the high word. */
  double nextDouble() {
    long high = nextBits();
    long bits = (high << 32) | (nextBits() & 0xffffffffL);
    return (bits & 0x1fffffffffffffL) * 0x1p-53;
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int x = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
      int mixed = (x & 1) == 0 ? x >>> 1 : (x >>> 1) ^ 0x9908b0df;
      state[i] = state[(i + MIDDLE) % SIZE] ^ mixed;
    }
  }
}
