package dev.showo2.backend.onnx;

import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Tasks for the demo model, as its official figures were measured. */
final class DemoTasks {

  private static final int STEPS = 20;

  private DemoTasks() {}

  /** Draws an image for each prompt, with consecutive seeds, and judges it. */
  static DemoScores draw(Bundle bundle, List<DemoPrompt> prompts, int firstSeed) {
    DemoScores scores = new DemoScores();
    try (OpenBackend open = OpenBackend.open(bundle)) {
      TextToImage textToImage = new TextToImage(open.model());
      for (int i = 0; i < prompts.size(); i++) {
        TextToImageRequest request =
            TextToImageRequest.builder(prompts.get(i).text())
                .seed(firstSeed + i)
                .steps(STEPS)
                .build();
        scores.add(prompts.get(i), textToImage.generate(request).image());
      }
    }
    return scores;
  }

  /** The answer to each question. */
  static List<String> answers(Bundle bundle, List<ImageQuestion> questions) {
    List<String> answers = new ArrayList<>();
    try (OpenBackend open = OpenBackend.open(bundle)) {
      ImageUnderstanding understanding = new ImageUnderstanding(open.model());
      for (ImageQuestion question : questions) {
        answers.add(
            understanding.ask(EvalPrompts.image(question.image()), question.question()).text());
      }
    }
    return answers;
  }

  /** How many answers are what is expected of their questions. */
  static int equal(
      List<String> answers,
      List<ImageQuestion> questions,
      Function<ImageQuestion, String> expected) {
    int equal = 0;
    for (int i = 0; i < answers.size(); i++) {
      equal += answers.get(i).equals(expected.apply(questions.get(i))) ? 1 : 0;
    }
    return equal;
  }
}
