package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Brings the features of images that a teacher has, one by one, so that the result does not depend
 * on which of a batch are in the cache. Images are prepared on one thread and encoded on another.
 */
final class FeatureEncoder {

  private final FeatureSource source;
  private final Optional<TensorCache> cache;
  private final Optional<ImagePreparer> images;

  FeatureEncoder(FeatureSource source, Optional<TensorCache> cache) {
    this.source = source;
    this.cache = cache;
    this.images =
        source
            .computed()
            .map(
                computed -> {
                  int size = computed.imageSize();
                  return new ImagePreparer(
                      new MediaPixels(size, size, 1, false, 1, 1, 1),
                      false,
                      cache,
                      source.id(),
                      this::fits);
                });
  }

  private boolean fits(List<HostTensor> cached) {
    return cached.size() == 1 && cached.get(0).shape().equals(source.shape());
  }

  /**
   * Makes sure that a model can learn from the features.
   *
   * @param loader for the message
   * @param grid of the image tokens of its images
   * @throws InvalidRequestException if there is not a feature for each token, or semantic layers
   *     have another hidden size
   */
  void requireFits(String loader, TokenGrid grid, Architecture model) {
    Shape expected = Shape.of(grid.tokens(), model.semantic().hiddenSize());
    boolean square = source.computed().isEmpty() || grid.rows() == grid.columns();
    if (!square || !source.shape().equals(expected)) {
      throw new InvalidRequestException(
          loader
              + ": the teacher has features "
              + source.shape()
              + (source.computed().isPresent() ? " of a square image" : " of an image")
              + ", images of this loader need "
              + expected
              + ", "
              + grid.rows()
              + "x"
              + grid.columns()
              + " tokens and the hidden size of the model's semantic layers; take a teacher of these"
              + " sizes, or images of another size");
    }
  }

  /**
   * Reads what the features need.
   *
   * @throws BadExampleException if there are none, or the image cannot be read
   */
  PreparedImage prepare(ExampleMedia image) {
    if (images.isPresent()) {
      return images.get().prepare(image);
    }
    HostTensor features = source.stored().orElseThrow().read(image);
    return new PreparedImage(
        Optional.empty(), Optional.empty(), Optional.of(List.of(features)), false);
  }

  /**
   * Returns the features of a prepared image.
   *
   * @param origin for the message
   * @throws InvalidRequestException if the teacher computes others than it says, or none that are
   *     finite
   */
  float[] encode(PreparedImage image, String origin) {
    if (image.encoded().isPresent()) {
      return image.encoded().get().get(0).values();
    }
    HostTensor pixels = image.pixels().orElseThrow();
    Shape shape = pixels.shape();
    Shape frame = Shape.of(1, shape.dimension(1), shape.dimension(3), shape.dimension(4));
    float[] features =
        source
            .computed()
            .orElseThrow()
            .features()
            .apply(new HostTensor(frame, pixels.values()))
            .values();
    HostTensor computed = new HostTensor(source.shape(), features);
    for (float value : features) {
      if (!Float.isFinite(value)) {
        throw new InvalidRequestException(
            origin
                + ": the teacher's features hold NaN or infinity; look at the image, or take"
                + " another checkpoint of the teacher");
      }
    }
    if (image.key().isPresent()) {
      cache.orElseThrow().put(image.key().get(), List.of(computed));
    }
    return features;
  }
}
