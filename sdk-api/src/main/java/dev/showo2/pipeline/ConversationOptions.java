package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.text.internal.ChatTemplate;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What a conversation begins with. Immutable.
 *
 * @param system what the system says before the first turn, up to 4096 tokens
 * @param latentChoice how the latents of images are taken from the encoder's distribution
 * @param seed of the first image's or the video's latents; later images count on from it. With the
 *     meaning of {@code torch.manual_seed}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConversationOptions(String system, LatentChoice latentChoice, long seed) {

  /** What the released scripts use. */
  public static final ConversationOptions DEFAULTS =
      new ConversationOptions(ChatTemplate.DEFAULT_SYSTEM, LatentChoice.SAMPLE, 0);

  /**
   * @throws dev.showo2.error.InvalidRequestException if there is no system text, or it has too many
   *     characters
   */
  public ConversationOptions {
    PromptEncoder.requirePresent("system", system);
    Objects.requireNonNull(latentChoice, "latentChoice");
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects what {@link ConversationOptions} are made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private String system = DEFAULTS.system;
    private LatentChoice latentChoice = DEFAULTS.latentChoice;
    private long seed = DEFAULTS.seed;

    private Builder() {}

    public Builder system(String system) {
      this.system = system;
      return this;
    }

    public Builder latentChoice(LatentChoice latentChoice) {
      this.latentChoice = latentChoice;
      return this;
    }

    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * @throws dev.showo2.error.InvalidRequestException if there is no system text
     */
    public ConversationOptions build() {
      return new ConversationOptions(system, latentChoice, seed);
    }
  }
}
