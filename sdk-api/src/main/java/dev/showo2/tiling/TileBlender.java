package dev.showo2.tiling;

import dev.showo2.error.BackendException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** One output of all tiles, each weighted where it overlaps with others, summed in the heap. */
final class TileBlender {

  private final TileGrid grid;
  private final Shape tileShape;
  private final HostTensor sum;
  private final float[] tileValues;

  /**
   * @param tileShape [1, C, F, h, w] of this output for each tile
   * @throws dev.showo2.error.InsufficientMemoryException if the heap has no room for the whole
   */
  TileBlender(TileGrid grid, Shape tileShape) {
    this.grid = grid;
    this.tileShape = tileShape;
    int scale = grid.scale().output;
    Shape expected =
        Shape.of(
            1,
            tileShape.dimension(1),
            tileShape.dimension(2),
            (long) grid.rows().size() * scale,
            (long) grid.columns().size() * scale);
    requireShape(expected, tileShape);
    sum =
        HostTensor.zeros(
            Shape.of(
                grid.batch(),
                tileShape.dimension(1),
                tileShape.dimension(2),
                (long) grid.rows().length() * scale,
                (long) grid.columns().length() * scale));
    tileValues = HostTensor.zeros(tileShape).values();
  }

  /** Adds the output of a tile; each tile is added once. */
  void add(int tile, Tensor output) {
    requireShape(tileShape, output.shape());
    output.read(FloatBuffer.wrap(tileValues));
    TileGrid.TilePosition position = grid.position(tile);
    int scale = grid.scale().output;
    float[] down = grid.rows().weights(position.row(), scale);
    float[] across = grid.columns().weights(position.column(), scale);
    int height = grid.rows().length() * scale;
    int width = grid.columns().length() * scale;
    int top = grid.rows().start(position.row()) * scale;
    int left = grid.columns().start(position.column()) * scale;
    int planes = tileValues.length / down.length / across.length;
    int from = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < down.length; y++) {
        int line = (position.entry() * planes + plane) * height + top + y;
        int to = line * width + left;
        for (int x = 0; x < across.length; x++) {
          sum.values()[to++] += down[y] * across[x] * tileValues[from++];
        }
      }
    }
  }

  private static void requireShape(Shape expected, Shape found) {
    if (!found.equals(expected)) {
      throw new BackendException(
          "the VAE gave "
              + found
              + " for a tile that should give "
              + expected
              + ", a defect of the backend");
    }
  }

  /** [B, C, F, H, W], once all tiles have been added. */
  HostTensor sum() {
    return sum;
  }
}
