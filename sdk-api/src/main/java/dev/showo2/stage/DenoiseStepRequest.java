package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Latents whose velocity is asked for, at one time and after one or two prompts. Immutable; holds
 * tensors and caches and closes none of them.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DenoiseStepRequest {

  private final Tensor latents;
  private final float time;
  private final Branch conditional;
  private final Optional<Branch> unconditional;
  private final float guidance;

  private DenoiseStepRequest(Builder builder) {
    latents = builder.latents;
    time = builder.time;
    conditional = builder.conditional;
    unconditional = builder.unconditional;
    guidance = builder.guidance;
  }

  /**
   * The sequence that precedes the image, in both transformers. Immutable; closes no cache.
   *
   * <p>Both caches have the batch of the latents, and the same length.
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Branch {

    private final KvCache backbone;
    private final KvCache flowHead;

    private Branch(KvCache backbone, KvCache flowHead) {
      this.backbone = Objects.requireNonNull(backbone, "backbone");
      this.flowHead = Objects.requireNonNull(flowHead, "flowHead");
    }

    /**
     * A branch with these caches.
     *
     * @param backbone the sequence in the {@link Backbone}
     * @param flowHead the sequence in the {@link FlowHead}
     * @return the branch
     */
    public static Branch of(KvCache backbone, KvCache flowHead) {
      return new Branch(backbone, flowHead);
    }

    /**
     * Returns the sequence in the backbone.
     *
     * @return a cache of batch B that stays the caller's
     */
    public KvCache backbone() {
      return backbone;
    }

    /**
     * Returns the sequence in the flow head.
     *
     * @return a cache of batch B that stays the caller's
     */
    public KvCache flowHead() {
      return flowHead;
    }
  }

  /**
   * Starts a request.
   *
   * @param latents normalized latents [B, C, T, h, w]; an image is T = 1; stay the caller's
   * @param time flow time of all rows: 0 is noise and 1 is data. Adaptive solvers may ask for
   *     values slightly outside.
   * @param conditional the branch of the prompt
   * @return a builder of a request without guidance
   * @throws IllegalArgumentException if the time is not finite
   */
  public static Builder builder(Tensor latents, float time, Branch conditional) {
    return new Builder(latents, time, conditional);
  }

  /**
   * Returns the latents.
   *
   * @return normalized [B, C, T, h, w]
   */
  public Tensor latents() {
    return latents;
  }

  /**
   * Returns the flow time of all rows.
   *
   * @return finite; 0 is noise and 1 is data
   */
  public float time() {
    return time;
  }

  /**
   * Returns the branch of the prompt.
   *
   * @return the conditional branch
   */
  public Branch conditional() {
    return conditional;
  }

  /**
   * Returns the branch that guidance pushes away from.
   *
   * @return the unconditional branch; empty without guidance
   */
  public Optional<Branch> unconditional() {
    return unconditional;
  }

  /**
   * Returns the guidance scale.
   *
   * @return finite and above 0; has no meaning without the {@link #unconditional()} branch
   */
  public float guidance() {
    return guidance;
  }

  /** Collects a {@link DenoiseStepRequest}. Not thread-safe. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final Tensor latents;
    private final float time;
    private final Branch conditional;
    private Optional<Branch> unconditional = Optional.empty();
    private float guidance = 1;

    private Builder(Tensor latents, float time, Branch conditional) {
      this.latents = Objects.requireNonNull(latents, "latents");
      this.time = finite("time", time);
      this.conditional = Objects.requireNonNull(conditional, "conditional");
    }

    /**
     * Sets classifier-free guidance; none by default, which halves the work.
     *
     * @param unconditional the branch that the velocity is pushed away from
     * @param scale s in u + s·(c − u), finite and above 0; a request without guidance has no
     *     unconditional branch
     * @return this builder
     * @throws IllegalArgumentException if the scale is not finite or not above 0
     */
    public Builder guidance(Branch unconditional, float scale) {
      if (scale <= 0) {
        throw new IllegalArgumentException("guidance: a scale above 0 is needed, found " + scale);
      }
      this.guidance = finite("guidance", scale);
      this.unconditional = Optional.of(unconditional);
      return this;
    }

    private static float finite(String name, float value) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(name + ": a finite number is needed, found " + value);
      }
      return value;
    }

    /**
     * Builds the request.
     *
     * @return an immutable request
     */
    public DenoiseStepRequest build() {
      return new DenoiseStepRequest(this);
    }
  }
}
