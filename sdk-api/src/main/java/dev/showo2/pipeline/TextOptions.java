package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TokenSampling;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Settings of a text that the model writes (SPEC 7). {@link TextRequestBuilder} documents each
 * setting.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextOptions {

  /** The limit of the released scripts for answers, in tokens. */
  public static final int DEFAULT_MAX_TOKENS = 300;

  /** Greedy, at most {@value #DEFAULT_MAX_TOKENS} tokens, seed 0: what understanding uses. */
  public static final TextOptions DEFAULTS = builder().build();

  private final int maxTokens;
  private final TokenSampling sampling;
  private final float repetitionPenalty;
  private final List<String> stopSequences;
  private final long seed;

  TextOptions(TextRequestBuilder<?> builder) {
    maxTokens = builder.maxTokens;
    sampling = builder.sampling;
    repetitionPenalty = builder.repetitionPenalty;
    stopSequences = builder.stopSequences;
    seed = builder.seed;
    requireRanges();
  }

  private void requireRanges() {
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

  /** {@return a builder with the settings of {@link #DEFAULTS}} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with the settings of these options} */
  public Builder toBuilder() {
    return builder().options(this);
  }

  /** {@return the length of the longest text in tokens, at least 1} */
  public int maxTokens() {
    return maxTokens;
  }

  /** {@return how each token is chosen} */
  public TokenSampling sampling() {
    return sampling;
  }

  /** {@return the repetition penalty, 0.1 … 10; 1 is off} */
  public float repetitionPenalty() {
    return repetitionPenalty;
  }

  /** {@return the sequences that end the text, as an immutable list; none of them empty} */
  public List<String> stopSequences() {
    return stopSequences;
  }

  /** {@return the seed of sampled tokens and of the latents of images that a request asks about} */
  public long seed() {
    return seed;
  }

  private List<Object> settings() {
    return List.of(maxTokens, sampling, repetitionPenalty, stopSequences, seed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextOptions options && settings().equals(options.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "TextOptions[maxTokens="
        + maxTokens
        + ", sampling="
        + sampling
        + ", repetitionPenalty="
        + repetitionPenalty
        + ", stopSequences="
        + stopSequences
        + ", seed="
        + seed
        + "]";
  }

  /** Builds {@link TextOptions}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends TextRequestBuilder<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Builds the options.
     *
     * @return the options
     * @throws InvalidRequestException if a setting is out of its range
     */
    public TextOptions build() {
      return textOptions();
    }
  }
}
