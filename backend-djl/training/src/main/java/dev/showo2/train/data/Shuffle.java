package dev.showo2.train.data;

/**
 * A random order of any number of examples that needs no memory: four Feistel rounds over the next
 * power of four, repeated until the result is within the range.
 */
final class Shuffle {

  private static final int ROUNDS = 4;

  private final long size;
  private final int halfBits;
  private final long mask;
  private final long key;

  /**
   * @param size at least 1
   * @param seed of the order
   * @param loader for which the order is
   * @param pass for which the order is
   */
  Shuffle(long size, long seed, int loader, long pass) {
    this.size = size;
    int bits = Math.max(2, Long.SIZE - Long.numberOfLeadingZeros(size - 1));
    halfBits = (bits + 1) / 2;
    mask = (1L << halfBits) - 1;
    key =
        SeededChoice.mix(
            SeededChoice.mix(seed) ^ SeededChoice.mix(31L * pass + loader + 0x5851f42d4c957f2dL));
  }

  /** The index of the example at a position; both from 0 to below the size. */
  long index(long position) {
    long index = position;
    do {
      long left = index >>> halfBits;
      long right = index & mask;
      for (int round = 0; round < ROUNDS; round++) {
        long next = left ^ (SeededChoice.mix(right ^ SeededChoice.mix(key + round)) & mask);
        left = right;
        right = next;
      }
      index = left << halfBits | right;
    } while (index >= size);
    return index;
  }
}
