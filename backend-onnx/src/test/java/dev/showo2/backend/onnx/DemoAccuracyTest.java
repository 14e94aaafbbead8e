package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.conformance.demo.Attribute;
import dev.showo2.conformance.demo.ClipQuestion;
import dev.showo2.conformance.demo.DemoPrompt;
import dev.showo2.conformance.demo.DemoResources;
import dev.showo2.conformance.demo.DemoScores;
import dev.showo2.conformance.demo.EvalPrompts;
import dev.showo2.conformance.demo.PictureQuestion;
import dev.showo2.conformance.demo.PromptGrammar;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.VideoUnderstandingRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The demo model is as useful here as with the official code: its shares of right pictures and
 * answers stay within three points of what the official code reached.
 *
 * <p>The official figures for the 60 prompts and for the 208 of {@link PromptGrammar} were measured
 * with the same checker and the same noise (seed 5000 for the first prompt, and so on), 20 points,
 * guidance 3.5; those of the demo's README are for 208 prompts that it does not list.
 */
@ExtendWith(ExportedModels.class)
class DemoAccuracyTest {

  private static final double THREE_POINTS = 0.03;
  private static final int STEPS = 20;
  private static final int FIRST_SEED = 5000;

  /** The README's row for 20 points. */
  private static final double README_COLOR = 0.995;

  private static final double README_SHAPE = 0.909;
  private static final double README_ANSWERS = 0.88;

  /** The official code on the 60 prompts; more of them ask for small shapes than the README's. */
  private static final double OFFICIAL_SHAPE_OF_60 = 0.85;

  @Test
  void picturesShowWhatTheSixtyPromptsAskFor(Models models, TestReporter reporter) {
    DemoScores scores = draw(models, EvalPrompts.load().prompts(), FIRST_SEED);
    reporter.publishEntry("pictures", scores.toString());
    requirePlainAttributes(scores);
    assertEquals(
        OFFICIAL_SHAPE_OF_60, scores.share(Attribute.SHAPE), THREE_POINTS, scores::toString);
  }

  @Test
  void picturesShowWhatTheReadmesMixOfPromptsAsksFor(Models models, TestReporter reporter) {
    List<DemoPrompt> prompts = PromptGrammar.prompts(1, 208);
    DemoScores scores = draw(models, prompts, FIRST_SEED + EvalPrompts.load().prompts().size());
    reporter.publishEntry("pictures", scores.toString());
    requirePlainAttributes(scores);
    assertEquals(README_SHAPE, scores.share(Attribute.SHAPE), THREE_POINTS, scores::toString);
  }

  /** Colour as in the README; background, size and place are always right there. */
  private static void requirePlainAttributes(DemoScores scores) {
    assertEquals(README_COLOR, scores.share(Attribute.COLOR), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.BACKGROUND), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.SIZE), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.POSITION), THREE_POINTS, scores::toString);
  }

  private static DemoScores draw(Models models, List<DemoPrompt> prompts, int firstSeed) {
    DemoScores scores = new DemoScores();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
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

  @Test
  void answersAreThoseOfTheOfficialCode(Models models, TestReporter reporter) {
    int right = 0;
    int asTheOfficialCode = 0;
    List<PictureQuestion> questions = EvalPrompts.load().questions();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      ImageUnderstanding understanding = new ImageUnderstanding(open.model());
      for (PictureQuestion question : questions) {
        String answer =
            understanding.ask(DemoResources.picture(question.image()), question.question()).text();
        right += answer.equals(question.answer()) ? 1 : 0;
        asTheOfficialCode += answer.equals(question.referenceAnswer()) ? 1 : 0;
      }
    }
    double share = right / (double) questions.size();
    reporter.publishEntry(
        "answers",
        right + " right, " + asTheOfficialCode + " as the official code's, of " + questions.size());
    assertEquals(README_ANSWERS, share, THREE_POINTS);
    assertTrue(
        asTheOfficialCode >= questions.size() * (1 - THREE_POINTS),
        asTheOfficialCode + " of " + questions.size() + " answers as the official code's");
  }

  /**
   * Colour and direction are always right in the README. It does not list its clips; on those drawn
   * here more shapes are mistaken (0.91 of all answers are right, 0.967 there).
   */
  @Test
  void answersOnVideosAreRight(Models models, TestReporter reporter) {
    List<ClipQuestion> questions = ClipQuestion.random(1, 70);
    List<String> wrong = new ArrayList<>();
    List<String> wrongPlain = new ArrayList<>();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      VideoUnderstanding understanding = new VideoUnderstanding(open.model());
      for (ClipQuestion question : questions) {
        VideoUnderstandingRequest request =
            VideoUnderstandingRequest.builder(question.frames(), question.question())
                .frameCount(8)
                .build();
        String answer = understanding.ask(request, GenerationListener.NONE).text();
        if (!answer.equals(question.answer())) {
          (question.namesShape() ? wrong : wrongPlain).add(question.answer() + " -> " + answer);
        }
      }
    }
    reporter.publishEntry("answers on videos", "wrong of 70: " + wrong + wrongPlain);
    long plain = questions.stream().filter(question -> !question.namesShape()).count();
    assertTrue(wrongPlain.size() <= THREE_POINTS * plain, () -> "wrong: " + wrongPlain);
    assertTrue(
        wrong.size() + wrongPlain.size() <= 0.12 * questions.size(), () -> "wrong: " + wrong);
  }
}
