package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TokenSampling;
import java.awt.image.BufferedImage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A question on a picture. Immutable.
 *
 * @param image of any size; its middle is what the model sees. Not copied; nobody may draw on it
 *     while the request is served
 * @param question in English or Chinese
 * @param maxTokens longest answer, at least 1
 * @param latentChoice how latents are taken from the encoder's distribution
 * @param seed of the latents and of sampled tokens, with the meaning of {@code torch.manual_seed}
 * @param sampling how tokens are chosen
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ImageUnderstandingRequest(
    BufferedImage image,
    String question,
    int maxTokens,
    LatentChoice latentChoice,
    long seed,
    TokenSampling sampling) {

  /** The limit of the released scripts. */
  public static final int DEFAULT_MAX_TOKENS = 300;

  /**
   * @throws InvalidRequestException if a setting is out of its range
   */
  public ImageUnderstandingRequest {
    Objects.requireNonNull(latentChoice, "latentChoice");
    Objects.requireNonNull(sampling, "sampling");
    if (image == null) {
      throw new InvalidRequestException(
          "image: a picture is needed, found null; ImageIO.read gives null for files that are none");
    }
    if (question == null) {
      throw new InvalidRequestException("question: text is needed, found null; it may be empty");
    }
    if (maxTokens < 1) {
      throw new InvalidRequestException("max tokens: at least 1 is needed, found " + maxTokens);
    }
  }

  /** How latents are taken from the encoder's distribution. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum LatentChoice {
    /** Drawn with the request's seed, as the released code does. */
    SAMPLE,
    /** Its mean: the same for every seed. */
    MEAN
  }

  /** Greedy decoding, latents sampled with seed 0, at most 300 tokens. */
  public static ImageUnderstandingRequest of(BufferedImage image, String question) {
    return builder(image, question).build();
  }

  public static Builder builder(BufferedImage image, String question) {
    return new Builder(image, question);
  }

  /** Collects what an {@link ImageUnderstandingRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final BufferedImage image;
    private final String question;
    private int maxTokens = DEFAULT_MAX_TOKENS;
    private LatentChoice latentChoice = LatentChoice.SAMPLE;
    private long seed;
    private TokenSampling sampling = TokenSampling.greedy();

    private Builder(BufferedImage image, String question) {
      this.image = image;
      this.question = question;
    }

    public Builder maxTokens(int maxTokens) {
      this.maxTokens = maxTokens;
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

    public Builder sampling(TokenSampling sampling) {
      this.sampling = sampling;
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range
     */
    public ImageUnderstandingRequest build() {
      return new ImageUnderstandingRequest(
          image, question, maxTokens, latentChoice, seed, sampling);
    }
  }
}
