package dev.showo2.pipeline;

import dev.showo2.sampler.TokenSampling;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * What the builders of all requests for text have in common: the {@link TextOptions}, which also
 * say what each setting means and which values it takes.
 *
 * @param <B> the builder itself
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class TextRequestBuilder<B extends TextRequestBuilder<B>>
    permits TextOptions.Builder,
        ImageUnderstandingRequest.Builder,
        VideoUnderstandingRequest.Builder {

  private int maxTokens = TextOptions.DEFAULTS.maxTokens();
  private TokenSampling sampling = TextOptions.DEFAULTS.sampling();
  private float repetitionPenalty = TextOptions.DEFAULTS.repetitionPenalty();
  private List<String> stopSequences = TextOptions.DEFAULTS.stopSequences();
  private long seed = TextOptions.DEFAULTS.seed();

  TextRequestBuilder() {}

  abstract B self();

  TextOptions textOptions() {
    return new TextOptions(maxTokens, sampling, repetitionPenalty, stopSequences, seed);
  }

  /** All settings of the text at once; replaces those that were made before. */
  public B options(TextOptions options) {
    Objects.requireNonNull(options, "options");
    maxTokens = options.maxTokens();
    sampling = options.sampling();
    repetitionPenalty = options.repetitionPenalty();
    stopSequences = options.stopSequences();
    seed = options.seed();
    return self();
  }

  public B maxTokens(int maxTokens) {
    this.maxTokens = maxTokens;
    return self();
  }

  public B sampling(TokenSampling sampling) {
    this.sampling = Objects.requireNonNull(sampling, "sampling");
    return self();
  }

  public B repetitionPenalty(float repetitionPenalty) {
    this.repetitionPenalty = repetitionPenalty;
    return self();
  }

  /** The text ends before the first of these; replaces those that were given before. */
  public B stopSequences(String... stopSequences) {
    this.stopSequences = List.of(stopSequences);
    return self();
  }

  public B seed(long seed) {
    this.seed = seed;
    return self();
  }
}
