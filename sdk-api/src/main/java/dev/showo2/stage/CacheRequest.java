package dev.showo2.stage;

import java.util.Objects;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The KV cache that a caller asks a transformer for: its batch, and how long it expects it to
 * become. Immutable and thread-safe.
 *
 * <p>The expected number of positions is a hint by which an engine may preallocate. It is never a
 * limit: a cache grows beyond it, and one that stays shorter is as good.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CacheRequest {

  private final int batch;
  private final OptionalInt expectedPositions;

  private CacheRequest(Builder builder) {
    batch = builder.batch;
    expectedPositions = builder.expectedPositions;
  }

  /**
   * A cache of unknown length.
   *
   * @param batch B, sequences side by side, at least 1; a backend refuses fewer
   * @return the request
   */
  public static CacheRequest of(int batch) {
    return builder(batch).build();
  }

  /**
   * Starts a request.
   *
   * @param batch B, sequences side by side, at least 1; a backend refuses fewer
   * @return a builder with that batch and no expected length
   */
  public static Builder builder(int batch) {
    return new Builder(batch);
  }

  /**
   * Starts a request with the settings of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder(batch);
    builder.expectedPositions = expectedPositions;
    return builder;
  }

  /**
   * Returns the number of sequences side by side.
   *
   * @return B; a backend refuses fewer than 1 with {@link IllegalArgumentException}
   */
  public int batch() {
    return batch;
  }

  /**
   * Returns the number of positions that each sequence is expected to reach.
   *
   * @return at least 1, or empty where the caller does not know
   */
  public OptionalInt expectedPositions() {
    return expectedPositions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CacheRequest request
        && batch == request.batch
        && expectedPositions.equals(request.expectedPositions);
  }

  @Override
  public int hashCode() {
    return Objects.hash(batch, expectedPositions);
  }

  @Override
  public String toString() {
    return "batch="
        + batch
        + ", expectedPositions="
        + (expectedPositions.isPresent() ? expectedPositions.getAsInt() : "unknown");
  }

  /** Collects the settings of a {@link CacheRequest}. Not thread-safe. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final int batch;
    private OptionalInt expectedPositions = OptionalInt.empty();

    private Builder(int batch) {
      this.batch = batch;
    }

    /**
     * Sets the length that each sequence is expected to reach; unknown by default.
     *
     * @param positions text and image positions together, at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder expectedPositions(int positions) {
      if (positions < 1) {
        throw new IllegalArgumentException(
            "expectedPositions: at least 1 is needed, found " + positions);
      }
      expectedPositions = OptionalInt.of(positions);
      return this;
    }

    /**
     * Builds the request.
     *
     * @return an immutable request
     */
    public CacheRequest build() {
      return new CacheRequest(this);
    }
  }
}
