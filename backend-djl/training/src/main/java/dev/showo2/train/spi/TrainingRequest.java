package dev.showo2.train.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apiguardian.api.API;

/**
 * The parameters of a model that are trained, and how. Immutable; further settings can be added
 * without breaking those who make or read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingRequest {

  private final List<ParameterGroup> groups;
  private final AdamW optimizer;
  private final OptionalDouble averageDecay;
  private final Optional<LoraRequest> lora;
  private final boolean activationCheckpointing;

  private TrainingRequest(Builder builder) {
    this.groups = builder.groups;
    this.optimizer = builder.optimizer;
    this.averageDecay = builder.averageDecay;
    this.lora = builder.lora;
    this.activationCheckpointing = builder.activationCheckpointing;
  }

  /**
   * Begins a request.
   *
   * @param groups a weight is trained in the first group that contains it, and not at all if none
   *     does; each group contains at least one
   * @return a builder with torch's defaults
   */
  public static Builder builder(List<ParameterGroup> groups) {
    return new Builder(groups);
  }

  /**
   * Returns the groups.
   *
   * @return at least one
   */
  public List<ParameterGroup> groups() {
    return groups;
  }

  /**
   * Returns the settings of the optimizer.
   *
   * @return {@link AdamW#OFFICIAL} unless set
   */
  public AdamW optimizer() {
    return optimizer;
  }

  /**
   * Returns the decay of the weights' running mean, which after each update becomes decay · mean +
   * (1 − decay) · weight.
   *
   * @return in [0, 1), or nothing if no mean is kept
   */
  public OptionalDouble averageDecay() {
    return averageDecay;
  }

  /**
   * Returns the adapter.
   *
   * @return nothing if the weights themselves are trained; else they are not, and the groups choose
   *     among the adapter's matrices
   */
  public Optional<LoraRequest> lora() {
    return lora;
  }

  /**
   * Tells whether layers are computed again for their gradients instead of keeping what they need
   * in memory. The result is the same.
   *
   * @return false unless set
   */
  public boolean activationCheckpointing() {
    return activationCheckpointing;
  }

  /** Builds requests. Not thread-safe. */
  public static final class Builder {

    private final List<ParameterGroup> groups;
    private AdamW optimizer = AdamW.OFFICIAL;
    private OptionalDouble averageDecay = OptionalDouble.empty();
    private Optional<LoraRequest> lora = Optional.empty();
    private boolean activationCheckpointing;

    private Builder(List<ParameterGroup> groups) {
      this.groups = List.copyOf(groups);
      if (groups.isEmpty()) {
        throw new IllegalArgumentException("name at least one group of parameters");
      }
    }

    /**
     * Sets the optimizer.
     *
     * @param value its settings
     * @return this builder
     */
    public Builder optimizer(AdamW value) {
      optimizer = Objects.requireNonNull(value, "optimizer");
      return this;
    }

    /**
     * Keeps a running mean of the weights. None by default.
     *
     * @param value in [0, 1)
     * @return this builder
     * @throws IllegalArgumentException if it is not
     */
    public Builder averageDecay(double value) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException("the decay must be in [0, 1), found " + value);
      }
      averageDecay = OptionalDouble.of(value);
      return this;
    }

    /**
     * Trains an adapter instead of the weights. None by default.
     *
     * @param value its settings
     * @return this builder
     */
    public Builder lora(LoraRequest value) {
      lora = Optional.of(value);
      return this;
    }

    /**
     * Computes layers again for their gradients, which takes less memory and more time. Off by
     * default.
     *
     * @param value true to do so
     * @return this builder
     */
    public Builder activationCheckpointing(boolean value) {
      activationCheckpointing = value;
      return this;
    }

    /**
     * Builds the request.
     *
     * @return it
     */
    public TrainingRequest build() {
      return new TrainingRequest(this);
    }
  }
}
