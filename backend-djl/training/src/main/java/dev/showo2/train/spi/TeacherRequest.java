package dev.showo2.train.spi;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Objects;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * The image half of SigLIP as a teacher: its patch embedding, positions and first layers. The
 * features are the output of the last of these, without a final norm.
 *
 * @param layers sizes, and the number of layers that are computed, from 1
 * @param patchSize pixels of a patch and axis
 * @param imageSize pixels of each axis of an image
 * @param weights gives a weight in 32-bit floats by its name in Hugging Face's checkpoints, such as
 *     {@code vision_model.encoder.layers.0.mlp.fc1.weight}; called while the teacher is opened
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TeacherRequest(
    Architecture.Semantic layers,
    int patchSize,
    int imageSize,
    Function<String, HostTensor> weights) {

  /**
   * Checks that the sizes fit one another.
   *
   * @param layers sizes and number of layers
   * @param patchSize pixels of a patch and axis
   * @param imageSize pixels of each axis of an image
   * @param weights by name
   * @throws IllegalArgumentException if an image does not have as many whole patches as there are
   *     positions
   */
  public TeacherRequest {
    Objects.requireNonNull(weights, "weights");
    long side = patchSize < 1 ? 0 : imageSize / patchSize;
    if (side * side != layers.positions()) {
      throw new IllegalArgumentException(
          "an image of "
              + imageSize
              + " pixels has "
              + side * side
              + " patches of "
              + patchSize
              + " pixels, but there are "
              + layers.positions()
              + " positions");
    }
  }

  /**
   * Returns the shape of an image's features.
   *
   * @return [L, E]: L tokens row by row from the top left
   */
  public Shape shape() {
    return Shape.of(layers.positions(), layers.hiddenSize());
  }
}
