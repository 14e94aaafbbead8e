package dev.showo2.tiling;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;

/**
 * The tiles of inputs [B, C, F, H, W], numbered row by row, each of one batch entry.
 *
 * @param batch how many entries there are
 */
record TileGrid(int batch, TileAxis rows, TileAxis columns, VaeScale scale) {

  /** The position of a tile. */
  record TilePosition(int entry, int row, int column) {}

  static TileGrid of(Shape input, VaeScale scale, Tiling tiling) {
    return new TileGrid(
        Math.toIntExact(input.dimension(0)),
        axis(input.dimension(3), scale, tiling),
        axis(input.dimension(4), scale, tiling),
        scale);
  }

  private static TileAxis axis(long elements, VaeScale scale, Tiling tiling) {
    return TileAxis.of(
        Math.toIntExact(elements / scale.input),
        tiling.tile() / Architecture.VAE_SPATIAL_FACTOR,
        tiling.overlap() / Architecture.VAE_SPATIAL_FACTOR);
  }

  int count() {
    return batch * perEntry();
  }

  /** Tiles of each entry. */
  int perEntry() {
    return rows.count() * columns.count();
  }

  TilePosition position(int tile) {
    int inEntry = tile % perEntry();
    return new TilePosition(
        tile / perEntry(), inEntry / columns.count(), inEntry % columns.count());
  }

  /** Whether an input is of the size that this grid was made for. */
  boolean fits(Shape input) {
    return input.dimension(0) == batch
        && input.dimension(3) == (long) rows.length() * scale.input
        && input.dimension(4) == (long) columns.length() * scale.input;
  }

  /**
   * Cuts out a tile.
   *
   * @return [1, C, F, height of a tile, width of a tile], a copy
   */
  HostTensor cut(HostTensor input, int tile) {
    TilePosition position = position(tile);
    Shape shape = input.shape();
    int planes = Math.toIntExact(shape.dimension(1) * shape.dimension(2));
    int height = rows.size() * scale.input;
    int width = columns.size() * scale.input;
    HostTensor cut =
        HostTensor.zeros(Shape.of(1, shape.dimension(1), shape.dimension(2), height, width));
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < height; y++) {
        int line = (position.entry() * planes + plane) * rows.length() * scale.input;
        line += rows.start(position.row()) * scale.input + y;
        int from =
            line * columns.length() * scale.input + columns.start(position.column()) * scale.input;
        System.arraycopy(input.values(), from, cut.values(), (plane * height + y) * width, width);
      }
    }
    return cut;
  }
}
