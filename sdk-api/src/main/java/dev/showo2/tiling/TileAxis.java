package dev.showo2.tiling;

import java.util.stream.IntStream;

/**
 * The tiles of one axis, counted in latents: as few tiles as will do, then as small as will do, all
 * of one size and evenly spread. An engine meets one shape only, and no element is computed in
 * vain.
 */
final class TileAxis {

  private final int[] starts;
  private final int size;

  private TileAxis(int[] starts, int size) {
    this.starts = starts;
    this.size = size;
  }

  /**
   * @param length of the axis, at least 1
   * @param largest size of a tile
   * @param overlap of neighbors, at least; 1 to half the largest size
   */
  static TileAxis of(int length, int largest, int overlap) {
    if (length <= largest) {
      return new TileAxis(new int[1], length);
    }
    int count = ceil(length - overlap, largest - overlap);
    int size = ceil(length + (count - 1) * overlap, count);
    int[] starts = IntStream.range(0, count).map(i -> i * (length - size) / (count - 1)).toArray();
    return new TileAxis(starts, size);
  }

  private static int ceil(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  int count() {
    return starts.length;
  }

  /** Latents along each tile. */
  int size() {
    return size;
  }

  /** The first latent of a tile. */
  int start(int tile) {
    return starts[tile];
  }

  /** How many latents there are in all. */
  int length() {
    return end(count() - 1);
  }

  private int end(int tile) {
    return starts[tile] + size;
  }

  /**
   * The weight of each element of a tile; at each element of the axis these sum to 1 over all
   * tiles.
   *
   * @param scale elements for each latent
   */
  float[] weights(int tile, int scale) {
    float[] weights = new float[size * scale];
    for (int i = 0; i < weights.length; i++) {
      double position = starts[tile] * scale + i + 0.5;
      double all = IntStream.range(0, count()).mapToDouble(j -> share(j, position, scale)).sum();
      weights[i] = (float) (share(tile, position, scale) / all);
    }
    return weights;
  }

  /**
   * 0 outside of a tile and at its edges, 1 inside, linear between; the ends of the axis are no
   * edges.
   */
  private double share(int tile, double position, int scale) {
    double rising =
        tile == 0 ? 1 : ramp(position - start(tile) * scale, (end(tile - 1) - start(tile)) * scale);
    double falling =
        tile == count() - 1
            ? 1
            : ramp(end(tile) * scale - position, (end(tile) - start(tile + 1)) * scale);
    return Math.max(0, Math.min(1, Math.min(rising, falling)));
  }

  /** From 0 after a quarter of the overlap to 1 before its last quarter. */
  private static double ramp(double distance, double overlap) {
    return (distance - overlap / 4) / (overlap / 2);
  }
}
