package dev.showo2.train.recipe;

import dev.showo2.pipeline.FlowOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * The section {@code samples} of a configuration: prompts and questions with which the model is
 * tried on the way.
 *
 * @param every steps
 * @param prompts to draw
 * @param images of each prompt
 * @param options of the drawing; its seed is that of the first image
 * @param questions to answer
 */
record SampleSettings(
    long every,
    List<String> prompts,
    int images,
    FlowOptions options,
    List<Question> questions,
    int maxTokens) {

  /** A question on an image. */
  record Question(Path image, String text) {}

  static SampleSettings of(ConfigSection section, Path base) {
    long every = section.integer("every", 1000, 1, Long.MAX_VALUE);
    FlowOptions.Builder options =
        FlowOptions.builder()
            .seed(section.integer("seed", 1, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2));
    section.integer("steps", 1, 10_000).ifPresent(value -> options.steps((int) value));
    section
        .number("guidance", value -> value >= 1 && value <= 1000, "a number from 1 to 1000")
        .ifPresent(value -> options.guidanceScale((float) value));
    List<Question> questions =
        section.sections("questions").stream().map(inner -> question(inner, base)).toList();
    SampleSettings settings =
        new SampleSettings(
            every,
            section.texts("prompts"),
            (int) section.integer("images", 1, 1, 64),
            options.build(),
            questions,
            (int) section.integer("max-tokens", 64, 1, 4096));
    if (settings.prompts().isEmpty() && questions.isEmpty()) {
      throw section.missing("prompts", "prompts: [a red circle]");
    }
    section.refuseOthers();
    return settings;
  }

  private static Question question(ConfigSection section, Path base) {
    Question question =
        new Question(
            base.resolve(section.requireText("image", "image: cat.png")),
            section.requireText("question", "question: What is this?"));
    section.refuseOthers();
    return question;
  }
}
