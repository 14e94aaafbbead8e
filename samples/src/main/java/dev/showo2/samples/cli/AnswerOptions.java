package dev.showo2.samples.cli;

import dev.showo2.pipeline.TextOptions;
import picocli.CommandLine.Option;

/** The options of generated answers. */
final class AnswerOptions extends WritingOptions {

  @Option(
      names = "--seed",
      paramLabel = "N",
      converter = Seeds.class,
      defaultValue = "0",
      description =
          "Seed of what the model sees and of tokens drawn by chance. Default: ${DEFAULT-VALUE}")
  private long seed;

  long seed() {
    return seed;
  }

  /**
   * @throws dev.showo2.error.InvalidRequestException if one is out of its range
   */
  TextOptions options() {
    return options(TextOptions.DEFAULTS, seed);
  }
}
