package dev.showo2.samples.cli;

import dev.showo2.pipeline.TextOptions;
import dev.showo2.sampler.TokenSampling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of generated text. */
class WritingOptions {

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Longest text. Default: "
              + TextOptions.DEFAULT_MAX_TOKENS
              + ", in stories 200 between two images")
  private Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Above 0: draw tokens by chance, the likelier ones rather the smaller it is. Without"
              + " this, --top-k and --top-p answers take the likeliest.")
  private Float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K likeliest tokens alone.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens that together have this probability, up to 1.")
  private Double topP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "F",
      description = "0.1 to 10: above 1 makes tokens that are there already less likely.")
  private Float repetitionPenalty;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "The text ends before this; may be given several times.")
  private List<String> stop = new ArrayList<>();

  /**
   * @param defaults for what is left open
   * @param seed of tokens drawn by chance
   * @throws dev.showo2.error.InvalidRequestException if an option is out of its range
   */
  TextOptions options(TextOptions defaults, long seed) {
    TextOptions.Builder builder =
        defaults.toBuilder()
            .sampling(sampling(defaults.sampling()))
            .stopSequences(stop.toArray(String[]::new))
            .seed(seed);
    if (maxTokens != null) {
      builder.maxTokens(maxTokens);
    }
    if (repetitionPenalty != null) {
      builder.repetitionPenalty(repetitionPenalty);
    }
    return builder.build();
  }

  private TokenSampling sampling(TokenSampling defaults) {
    if (temperature == null && topK == null && topP == null) {
      return defaults;
    }
    TokenSampling.Builder builder = TokenSampling.builder();
    if (temperature != null) {
      builder.temperature(temperature);
    }
    if (topK != null) {
      builder.topK(topK);
    }
    if (topP != null) {
      builder.topP(topP);
    }
    return builder.build();
  }
}
