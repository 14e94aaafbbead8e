package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TokenSampling;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How a text is to be written (SPEC 7). Immutable.
 *
 * @param maxTokens longest text, at least 1
 * @param sampling how tokens are chosen
 * @param repetitionPenalty 0.1 … 10; 1 is off. The logits of tokens that the sequence holds already
 *     are divided by it when positive and multiplied when negative, as in CTRL and transformers
 * @param stopSequences the text ends before the first of them; none of them empty
 * @param seed of sampled tokens, and of the latents of images that one request asks about, with the
 *     meaning of {@code torch.manual_seed}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextOptions(
    int maxTokens,
    TokenSampling sampling,
    float repetitionPenalty,
    List<String> stopSequences,
    long seed) {

  /** The limit of the released scripts. */
  public static final int DEFAULT_MAX_TOKENS = 300;

  /** Greedy, at most {@value #DEFAULT_MAX_TOKENS} tokens, seed 0: what understanding uses. */
  public static final TextOptions DEFAULTS =
      new TextOptions(DEFAULT_MAX_TOKENS, TokenSampling.greedy(), 1, List.of(), 0);

  /**
   * @throws InvalidRequestException if a setting is out of its range
   */
  public TextOptions {
    Objects.requireNonNull(sampling, "sampling");
    stopSequences = List.copyOf(stopSequences);
    if (maxTokens < 1) {
      throw new InvalidRequestException("max tokens: at least 1 is needed, found " + maxTokens);
    }
    if (!(repetitionPenalty >= 0.1f && repetitionPenalty <= 10)) {
      throw new InvalidRequestException(
          "repetition penalty: a number from 0.1 to 10 is needed, found "
              + repetitionPenalty
              + "; 1 is none");
    }
    stopSequences.forEach(TextOptions::requireText);
  }

  public static Builder builder() {
    return new Builder();
  }

  private static void requireText(String sequence) {
    if (sequence.isEmpty()) {
      throw new InvalidRequestException(
          "stop sequences: text is needed in each, found an empty one, which would end every text"
              + " at once; leave it out");
    }
    if (sequence.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)) {
      throw new InvalidRequestException(
          "stop sequences: whole characters are needed, found half of a surrogate pair; no text"
              + " would ever hold it");
    }
  }

  /** Collects what {@link TextOptions} are made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder extends TextRequestBuilder<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range
     */
    public TextOptions build() {
      return textOptions();
    }
  }
}
