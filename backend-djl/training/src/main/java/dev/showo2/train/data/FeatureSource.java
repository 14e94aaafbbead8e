package dev.showo2.train.data;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * The features that a teacher has of images: stored, or computed when they are needed. Immutable;
 * it closes neither files nor teacher.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FeatureSource {

  private final Shape shape;
  private final String id;
  private final Optional<Stored> stored;
  private final Optional<Computed> computed;

  private FeatureSource(
      Shape shape, String id, Optional<Stored> stored, Optional<Computed> computed) {
    this.shape = Objects.requireNonNull(shape, "shape");
    this.id = Objects.requireNonNull(id, "id");
    this.stored = stored;
    this.computed = computed;
  }

  /** Features that were computed before. */
  @FunctionalInterface
  public interface Stored {

    /**
     * Reads the features of an image. Called on the thread that reads ahead.
     *
     * @param image of an example
     * @return [L, E]
     * @throws BadExampleException if there are none, or they are not finite
     */
    HostTensor read(ExampleMedia image);
  }

  /**
   * A teacher that runs.
   *
   * @param imageSize pixels of each axis of its images
   * @param features of pixels [1, 3, h, w], as [1, L, E]; called on the thread that asks for a
   *     batch
   * @param cache folder that keeps features, if any
   */
  record Computed(int imageSize, UnaryOperator<HostTensor> features, Optional<Path> cache) {}

  /**
   * Takes features that were computed before.
   *
   * @param shape [L, E] of an image
   * @param id identifies them, so that a run is not resumed with others
   * @param features reads those of an image
   * @return the source
   */
  public static FeatureSource stored(Shape shape, String id, Stored features) {
    return new FeatureSource(shape, id, Optional.of(features), Optional.empty());
  }

  /**
   * Takes features from a teacher that runs, such as {@link dev.showo2.train.spi.Teacher}. It sees
   * the part of an image that the VAE encodes.
   *
   * @param shape [L, E] of an image; L is a square
   * @param id identifies teacher and weights, so that features are not mixed up in the cache, nor
   *     in a run that is resumed
   * @param imageSize pixels of each axis of the images that it takes
   * @param features computes [1, L, E] of pixels [1, 3, h, w]; called on the thread that asks for a
   *     batch
   * @param cache folder that keeps features by the content of the image; created if absent. Several
   *     runs may share it.
   * @return the source
   */
  public static FeatureSource computed(
      Shape shape,
      String id,
      int imageSize,
      UnaryOperator<HostTensor> features,
      Optional<Path> cache) {
    return new FeatureSource(
        shape, id, Optional.empty(), Optional.of(new Computed(imageSize, features, cache)));
  }

  Shape shape() {
    return shape;
  }

  /**
   * Identifies the features.
   *
   * @return differs where the features do, as far as that is found out without reading them
   */
  public String id() {
    return id;
  }

  Optional<Stored> stored() {
    return stored;
  }

  Optional<Computed> computed() {
    return computed;
  }

  Optional<Path> cache() {
    return computed.flatMap(Computed::cache);
  }
}
