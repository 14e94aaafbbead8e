package dev.showo2.conformance.internal;

import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * A checkpoint that computes the same as another, but one layer of it gets an input that is far
 * larger than all others.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class OutlierCheckpoint {

  /** The layer that takes the input. */
  public static final String OUTLIER = "showo.model.layers.1.mlp.down_proj.weight";

  private static final String BEFORE = "showo.model.layers.1.mlp.up_proj.weight";
  private static final int CHANNEL = 37;
  private static final float FACTOR = 256;

  private OutlierCheckpoint() {}

  /**
   * @param folder is created
   */
  public static Path write(Path original, Path folder) throws IOException {
    return ChangedCheckpoint.write(original, folder, OutlierCheckpoint::change);
  }

  /**
   * Another checkpoint, with such inputs behind functions that are not linear, in the fusion.
   *
   * @param folder is created
   */
  public static Path writeBehindFunctions(Path original, Path folder) throws IOException {
    return ChangedCheckpoint.write(
        original,
        folder,
        (key, shape, values) -> {
          change(
              key,
              shape,
              values,
              "und_trans.layers.1.mlp.fc1.weight",
              "und_trans.layers.1.mlp.fc2.weight");
          change(key, shape, values, "fusion_proj.1.weight", "fusion_proj.3.weight");
        });
  }

  private static void change(String key, Shape shape, float[] values) {
    change(key, shape, values, BEFORE, OUTLIER);
  }

  /** A row of the matrix that gives the channel, and the column of the one that takes it. */
  private static void change(String key, Shape shape, float[] values, String before, String after) {
    for (int i = 0; i < values.length; i++) {
      if (key.equals(before) && i / shape.dimension(1) == CHANNEL) {
        values[i] *= FACTOR;
      } else if (key.equals(after) && i % shape.dimension(1) == CHANNEL) {
        values[i] /= FACTOR;
      }
    }
  }
}
