package dev.showo2.pipeline;

import dev.showo2.sampler.TokenSampling;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Settings that the builders of all requests for text share, those of {@link TextOptions}. Ranges
 * are checked when the request is built.
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public abstract sealed class TextRequestBuilder<B extends TextRequestBuilder<B>>
    permits TextOptions.Builder,
        ImageUnderstandingRequest.Builder,
        VideoUnderstandingRequest.Builder {

  int maxTokens = TextOptions.DEFAULT_MAX_TOKENS;
  TokenSampling sampling = TokenSampling.greedy();
  float repetitionPenalty = 1;
  List<String> stopSequences = List.of();
  long seed;

  TextRequestBuilder() {}

  abstract B self();

  TextOptions textOptions() {
    return new TextOptions(this);
  }

  /**
   * Takes all settings of the text at once, in place of those that were made before.
   *
   * @param options the settings
   * @return this builder
   */
  public B options(TextOptions options) {
    Objects.requireNonNull(options, "options");
    maxTokens = options.maxTokens();
    sampling = options.sampling();
    repetitionPenalty = options.repetitionPenalty();
    stopSequences = options.stopSequences();
    seed = options.seed();
    return self();
  }

  /**
   * Sets the length of the longest text: a text that the model has not ended by then is cut off.
   * Default: {@value TextOptions#DEFAULT_MAX_TOKENS}.
   *
   * @param maxTokens in tokens, at least 1
   * @return this builder
   */
  public B maxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
    return self();
  }

  /**
   * Sets how each token is chosen. Default: {@link TokenSampling#greedy()}, the likeliest token.
   *
   * @param sampling temperature, top k and top p
   * @return this builder
   */
  public B sampling(TokenSampling sampling) {
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    return self();
  }

  /**
   * Sets the penalty on tokens that the sequence holds already, prompt included: their logits are
   * divided by it when positive and multiplied when negative, as in CTRL and transformers. Values
   * above 1 make repetition less likely, values below 1 more. Default: 1, off.
   *
   * @param repetitionPenalty 0.1 … 10
   * @return this builder
   */
  public B repetitionPenalty(float repetitionPenalty) {
    this.repetitionPenalty = repetitionPenalty;
    return self();
  }

  /**
   * Sets the sequences that end the text, in place of those that were set before: the text ends
   * before the first of them. Default: none.
   *
   * @param stopSequences none of them empty
   * @return this builder
   */
  public B stopSequences(String... stopSequences) {
    this.stopSequences = List.of(stopSequences);
    return self();
  }

  /**
   * Sets the seed of sampled tokens, and of the latents of images that a request asks about. The
   * same request with the same seed gives the same text. Default: 0.
   *
   * @param seed any number; its 64 bits are taken as {@code torch.manual_seed} takes them, so that
   *     {@code -1} and 2^64 − 1 ({@link Long#parseUnsignedLong}) are the same seed
   * @return this builder
   */
  public B seed(long seed) {
    this.seed = seed;
    return self();
  }
}
