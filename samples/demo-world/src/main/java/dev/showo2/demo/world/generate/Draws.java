package dev.showo2.demo.world.generate;

import java.util.Random;

/**
 * Choices that a seed, the part of the world and an index decide, whatever was chosen before.
 *
 * @param seed of the world
 * @param part of it, so that examples of one index in two parts have nothing to do with each other
 */
record Draws(long seed, Part part) {

  /** Parts of the world. Their order is part of what a seed means. */
  enum Part {
    DRAWING,
    CONTENT,
    QUESTION,
    IMAGE_CHAT,
    VIDEO,
    VIDEO_CONTENT,
    VIDEO_CHAT,
    STORY,
    SMALL_TALK
  }

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * @param index 0 or more
   */
  Random random(long index) {
    return new Random(mixed(mixed(mixed(seed) + part.ordinal() * GOLDEN_GAMMA) + index));
  }

  /**
   * Deals the numbers below a size like cards: each once in every block of so many indices, in an
   * order of its own, so that what they stand for is balanced.
   *
   * @param index 0 or more
   * @param size 1 to 65,535
   */
  int dealt(long index, int size) {
    Random shuffle = random(~((index / size) << Byte.SIZE * 2 | size));
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int swapped = shuffle.nextInt(i + 1);
      order[i] = order[swapped];
      order[swapped] = i;
    }
    return order[(int) (index % size)];
  }

  /** The finalizer of SplitMix64. */
  private static long mixed(long value) {
    long z = (value + GOLDEN_GAMMA);
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
