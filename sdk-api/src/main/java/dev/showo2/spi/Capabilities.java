package dev.showo2.spi;

import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The abilities of an open backend with its bundle. Immutable and thread-safe.
 *
 * <p>The stages are what callers rely on. All else tells them what to ask for; a backend that does
 * not know its limits names none.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Capabilities {

  private final Set<Stage> stages;
  private final Set<Device> devices;
  private final Set<Precision> precisions;
  private final OptionalInt longestSequence;
  private final OptionalInt largestBatch;
  private final boolean fusedDenoiseStep;

  private Capabilities(Builder builder) {
    stages = copy(builder.stages, Stage.class);
    devices = Collections.unmodifiableSet(new LinkedHashSet<>(builder.devices));
    precisions = copy(builder.precisions, Precision.class);
    longestSequence = builder.longestSequence;
    largestBatch = builder.largestBatch;
    fusedDenoiseStep = builder.fusedDenoiseStep;
  }

  private static <E extends Enum<E>> Set<E> copy(Collection<E> values, Class<E> type) {
    EnumSet<E> copy = EnumSet.noneOf(type);
    copy.addAll(values);
    return Collections.unmodifiableSet(copy);
  }

  /**
   * The abilities of a backend that names its stages alone.
   *
   * @param stages the stages that it offers
   * @return capabilities without limits, devices and precisions
   */
  public static Capabilities of(Collection<Stage> stages) {
    return builder().stages(stages).build();
  }

  /**
   * Starts capabilities.
   *
   * @return a builder without stages, limits, devices, precisions and fused step
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts capabilities that are those of this backend but for what is set then; decorators use it.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.stages = stages;
    builder.devices = devices;
    builder.precisions = precisions;
    builder.longestSequence = longestSequence;
    builder.largestBatch = largestBatch;
    builder.fusedDenoiseStep = fusedDenoiseStep;
    return builder;
  }

  /**
   * Returns the stages that the backend offers.
   *
   * @return immutable; asking for any other stage throws {@link
   *     dev.showo2.error.UnsupportedFeatureException}
   */
  public Set<Stage> stages() {
    return stages;
  }

  /**
   * Tells whether the backend offers a stage.
   *
   * @param stage that is asked about
   * @return whether it is among {@link #stages()}
   */
  public boolean supports(Stage stage) {
    return stages.contains(stage);
  }

  /**
   * Returns the devices that the backend computes on with this bundle.
   *
   * @return immutable, in the backend's order; empty where it does not tell
   */
  public Set<Device> devices() {
    return devices;
  }

  /**
   * Returns the precisions in which the stages of this bundle run.
   *
   * @return immutable; empty where the backend does not tell
   */
  public Set<Precision> precisions() {
    return precisions;
  }

  /**
   * Returns the largest length of a sequence: the positions of a KV cache and of the segment that
   * comes next, together.
   *
   * @return at least 1; empty where memory is the only limit
   */
  public OptionalInt longestSequence() {
    return longestSequence;
  }

  /**
   * Returns the largest batch of one call and one KV cache.
   *
   * @return at least 1; empty where memory is the only limit
   */
  public OptionalInt largestBatch() {
    return largestBatch;
  }

  /**
   * Tells whether {@link Backend#denoiseStep()} is the backend's own and not the composition of its
   * stages.
   *
   * @return whether the backend fuses a denoising step
   */
  public boolean fusedDenoiseStep() {
    return fusedDenoiseStep;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Capabilities capabilities && fields().equals(capabilities.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  private List<Object> fields() {
    return List.of(stages, devices, precisions, longestSequence, largestBatch, fusedDenoiseStep);
  }

  @Override
  public String toString() {
    return "Capabilities[stages="
        + stages
        + ", devices="
        + devices
        + ", precisions="
        + precisions
        + ", longestSequence="
        + text(longestSequence)
        + ", largestBatch="
        + text(largestBatch)
        + ", fusedDenoiseStep="
        + fusedDenoiseStep
        + "]";
  }

  private static String text(OptionalInt limit) {
    return limit.isPresent() ? Integer.toString(limit.getAsInt()) : "unlimited";
  }

  /** Collects {@link Capabilities}. Not thread-safe. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private Collection<Stage> stages = Set.of();
    private Collection<Device> devices = Set.of();
    private Collection<Precision> precisions = Set.of();
    private OptionalInt longestSequence = OptionalInt.empty();
    private OptionalInt largestBatch = OptionalInt.empty();
    private boolean fusedDenoiseStep;

    private Builder() {}

    /**
     * Sets the stages that the backend offers; none by default.
     *
     * @param stages copied
     * @return this builder
     */
    public Builder stages(Collection<Stage> stages) {
      this.stages = List.copyOf(stages);
      return this;
    }

    /**
     * Sets the devices that the backend computes on; not told by default.
     *
     * @param devices copied, in the backend's order
     * @return this builder
     */
    public Builder devices(Collection<Device> devices) {
      this.devices = List.copyOf(devices);
      return this;
    }

    /**
     * Sets the precisions in which the stages run; not told by default.
     *
     * @param precisions copied
     * @return this builder
     */
    public Builder precisions(Collection<Precision> precisions) {
      this.precisions = List.copyOf(precisions);
      return this;
    }

    /**
     * Sets the largest length of a sequence; unlimited by default.
     *
     * @param positions at least 1
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public Builder longestSequence(int positions) {
      longestSequence = limit("longestSequence", positions);
      return this;
    }

    /**
     * Sets the largest batch; unlimited by default.
     *
     * @param batch at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is smaller
     */
    public Builder largestBatch(int batch) {
      largestBatch = limit("largestBatch", batch);
      return this;
    }

    private static OptionalInt limit(String name, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(name + ": at least 1 is needed, found " + value);
      }
      return OptionalInt.of(value);
    }

    /**
     * Sets whether the backend has a denoising step of its own; it has none by default.
     *
     * @param fused whether {@link Backend#denoiseStep()} is not the composition of the stages
     * @return this builder
     */
    public Builder fusedDenoiseStep(boolean fused) {
      fusedDenoiseStep = fused;
      return this;
    }

    /**
     * Builds the capabilities.
     *
     * @return immutable capabilities
     */
    public Capabilities build() {
      return new Capabilities(this);
    }
  }
}
