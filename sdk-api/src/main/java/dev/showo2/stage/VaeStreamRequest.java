package dev.showo2.stage;

import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The video that a caller is going to pass through the VAE, as far as it is known. Immutable and
 * thread-safe.
 *
 * <p>Everything in it is a hint by which an engine may preallocate or choose its kernels, and never
 * a promise: the chunks of the stream decide. Sizes are those of the pixels, for encoders and
 * decoders alike.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class VaeStreamRequest {

  private static final VaeStreamRequest UNSPECIFIED = builder().build();

  private final OptionalInt batch;
  private final OptionalInt height;
  private final OptionalInt width;
  private final OptionalInt frames;

  private VaeStreamRequest(Builder builder) {
    batch = builder.batch;
    height = builder.height;
    width = builder.width;
    frames = builder.frames;
  }

  /**
   * A video of which nothing is known.
   *
   * @return the request without hints
   */
  public static VaeStreamRequest unspecified() {
    return UNSPECIFIED;
  }

  /**
   * Starts a request.
   *
   * @return a builder without hints
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a request with the hints of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.batch = batch;
    builder.height = height;
    builder.width = width;
    builder.frames = frames;
    return builder;
  }

  /**
   * Returns the number of videos side by side.
   *
   * @return B, at least 1, or empty where it is not known
   */
  public OptionalInt batch() {
    return batch;
  }

  /**
   * Returns the height of the frames.
   *
   * @return pixels, at least 1, or empty where it is not known
   */
  public OptionalInt height() {
    return height;
  }

  /**
   * Returns the width of the frames.
   *
   * @return pixels, at least 1, or empty where it is not known
   */
  public OptionalInt width() {
    return width;
  }

  /**
   * Returns the length of the video.
   *
   * @return frames of pixels (1 + 4n for n + 1 latent frames), at least 1, or empty where it is not
   *     known
   */
  public OptionalInt frames() {
    return frames;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VaeStreamRequest request
        && batch.equals(request.batch)
        && height.equals(request.height)
        && width.equals(request.width)
        && frames.equals(request.frames);
  }

  @Override
  public int hashCode() {
    return Objects.hash(batch, height, width, frames);
  }

  @Override
  public String toString() {
    return "batch="
        + text(batch)
        + ", height="
        + text(height)
        + ", width="
        + text(width)
        + ", frames="
        + text(frames);
  }

  private static String text(OptionalInt hint) {
    return hint.isPresent() ? Integer.toString(hint.getAsInt()) : "unknown";
  }

  /** Collects the hints of a {@link VaeStreamRequest}. Not thread-safe. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private OptionalInt batch = OptionalInt.empty();
    private OptionalInt height = OptionalInt.empty();
    private OptionalInt width = OptionalInt.empty();
    private OptionalInt frames = OptionalInt.empty();

    private Builder() {}

    /**
     * Sets the number of videos side by side; unknown by default.
     *
     * @param batch B, at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder batch(int batch) {
      this.batch = hint("batch", batch);
      return this;
    }

    /**
     * Sets the size of the frames; unknown by default.
     *
     * @param height pixels, at least 1
     * @param width pixels, at least 1
     * @return this builder
     * @throws IllegalArgumentException if one is smaller
     */
    public Builder size(int height, int width) {
      OptionalInt checkedHeight = hint("height", height);
      this.width = hint("width", width);
      this.height = checkedHeight;
      return this;
    }

    /**
     * Sets the length of the video; unknown by default.
     *
     * @param frames frames of pixels, at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder frames(int frames) {
      this.frames = hint("frames", frames);
      return this;
    }

    private static OptionalInt hint(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + ": at least 1 is needed, found " + value);
      }
      return OptionalInt.of(value);
    }

    /**
     * Builds the request.
     *
     * @return an immutable request
     */
    public VaeStreamRequest build() {
      return new VaeStreamRequest(this);
    }
  }
}
