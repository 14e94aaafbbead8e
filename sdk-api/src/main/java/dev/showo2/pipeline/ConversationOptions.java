package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.text.internal.ChatTemplate;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Settings that a conversation begins with.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ConversationOptions {

  /** The settings of the released scripts. */
  public static final ConversationOptions DEFAULTS = builder().build();

  private final String system;
  private final LatentChoice latentChoice;
  private final long seed;

  private ConversationOptions(Builder builder) {
    system = builder.system;
    latentChoice = builder.latentChoice;
    seed = builder.seed;
    PromptEncoder.requirePresent("system", system);
  }

  /** {@return a builder with the settings of {@link #DEFAULTS}} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with the settings of these options} */
  public Builder toBuilder() {
    return builder().system(system).latentChoice(latentChoice).seed(seed);
  }

  /** {@return the system text, which precedes the first turn} */
  public String system() {
    return system;
  }

  /** {@return how the latents of images are taken from the encoder's distribution} */
  public LatentChoice latentChoice() {
    return latentChoice;
  }

  /** {@return the seed of the latents of the first image or the video} */
  public long seed() {
    return seed;
  }

  private List<Object> settings() {
    return List.of(system, latentChoice, seed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConversationOptions options && settings().equals(options.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "ConversationOptions[system="
        + system
        + ", latentChoice="
        + latentChoice
        + ", seed="
        + seed
        + "]";
  }

  /** Builds {@link ConversationOptions}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder {

    private String system = ChatTemplate.DEFAULT_SYSTEM;
    private LatentChoice latentChoice = LatentChoice.SAMPLE;
    private long seed;

    private Builder() {}

    /**
     * Sets the system text, which precedes the first turn. Default: that of the released scripts,
     * "You are a helpful assistant.".
     *
     * @param system up to 4096 tokens
     * @return this builder
     */
    public Builder system(String system) {
      this.system = system;
      return this;
    }

    /**
     * Sets how the latents of images are taken from the encoder's distribution. Default: {@link
     * LatentChoice#SAMPLE}.
     *
     * @param latentChoice sampled, or the mean
     * @return this builder
     */
    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = Objects.requireNonNull(latentChoice, "latentChoice");
      return this;
    }

    /**
     * Sets the seed of the latents of the first image or the video; each later image takes the next
     * seed. It has no effect on {@link LatentChoice#MEAN}. Default: 0.
     *
     * @param seed any number; its 64 bits are taken as {@code torch.manual_seed} takes them, so
     *     that {@code -1} and 2^64 − 1 ({@link Long#parseUnsignedLong}) are the same seed
     * @return this builder
     */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Builds the options.
     *
     * @return the options
     * @throws dev.showo2.error.InvalidRequestException if there is no system text, or it has too
     *     many characters
     */
    public ConversationOptions build() {
      return new ConversationOptions(this);
    }
  }
}
