package dev.showo2.backend.onnx;

import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint that computes the same as another, but one layer of it gets an input that is far
 * larger than all others.
 */
final class OutlierCheckpoint {

  /** The layer that takes the input. */
  static final String KEPT = "showo.model.layers.1.mlp.down_proj.weight";

  private static final String BEFORE = "showo.model.layers.1.mlp.up_proj.weight";
  private static final int CHANNEL = 37;
  private static final float FACTOR = 256;

  private OutlierCheckpoint() {}

  /**
   * @param folder is created
   */
  static Path write(Path original, Path folder) throws IOException {
    return ChangedCheckpoint.write(original, folder, OutlierCheckpoint::change);
  }

  /** A row of the matrix that gives the channel, and the column of the one that takes it. */
  private static void change(String key, Shape shape, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (key.equals(BEFORE) && i / shape.dimension(1) == CHANNEL) {
        values[i] *= FACTOR;
      } else if (key.equals(KEPT) && i % shape.dimension(1) == CHANNEL) {
        values[i] /= FACTOR;
      }
    }
  }
}
