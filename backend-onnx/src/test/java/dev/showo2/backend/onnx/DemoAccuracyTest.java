package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The demo model is as useful here as with the official code: its shares of right images and
 * answers stay within three points of what the official code reached.
 *
 * <p>The official figures for the 60 prompts and for the 208 of {@link PromptGrammar} were measured
 * with the same checker and the same noise (seed 5000 for the first prompt, and so on), 20 points,
 * guidance 3.5; those of the demo's README are for 208 prompts that it does not list.
 */
@ExtendWith(ExportedModels.class)
class DemoAccuracyTest {

  private static final double THREE_POINTS = 0.03;
  static final int FIRST_SEED = 5000;

  /** The README's row for 20 points. */
  static final double README_COLOR = 0.995;

  static final double README_SHAPE = 0.909;
  static final double README_ANSWERS = 0.88;

  /** The official code on the 60 prompts; more of them ask for small shapes than the README's. */
  private static final double OFFICIAL_SHAPE_OF_60 = 0.85;

  @Test
  void imagesShowWhatTheSixtyPromptsAskFor(Models models, TestReporter reporter) {
    DemoScores scores =
        DemoTasks.draw(models.bundle("demo"), EvalPrompts.load().prompts(), FIRST_SEED);
    reporter.publishEntry("images", scores.toString());
    requirePlainAttributes(scores);
    assertEquals(
        OFFICIAL_SHAPE_OF_60, scores.share(Attribute.SHAPE), THREE_POINTS, scores::toString);
  }

  @Tag("measurement")
  @Test
  void imagesShowWhatTheReadmesMixOfPromptsAsksFor(Models models, TestReporter reporter) {
    List<DemoPrompt> prompts = PromptGrammar.prompts(1, 208);
    DemoScores scores =
        DemoTasks.draw(
            models.bundle("demo"), prompts, FIRST_SEED + EvalPrompts.load().prompts().size());
    reporter.publishEntry("images", scores.toString());
    requirePlainAttributes(scores);
    assertEquals(README_SHAPE, scores.share(Attribute.SHAPE), THREE_POINTS, scores::toString);
  }

  /** Color as in the README; background, size and position are always right there. */
  private static void requirePlainAttributes(DemoScores scores) {
    assertEquals(README_COLOR, scores.share(Attribute.COLOR), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.BACKGROUND), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.SIZE), THREE_POINTS, scores::toString);
    assertEquals(1, scores.share(Attribute.POSITION), THREE_POINTS, scores::toString);
  }

  @Test
  void answersAreThoseOfTheOfficialCode(Models models, TestReporter reporter) {
    List<ImageQuestion> questions = EvalPrompts.load().questions();
    List<String> answers = DemoTasks.answers(models.bundle("demo"), questions);
    int right = DemoTasks.equal(answers, questions, ImageQuestion::answer);
    int asTheOfficialCode = DemoTasks.equal(answers, questions, ImageQuestion::referenceAnswer);
    double share = right / (double) questions.size();
    reporter.publishEntry(
        "answers",
        right + " right, " + asTheOfficialCode + " as the official code's, of " + questions.size());
    assertEquals(README_ANSWERS, share, THREE_POINTS);
    assertTrue(
        asTheOfficialCode >= questions.size() * (1 - THREE_POINTS),
        asTheOfficialCode + " of " + questions.size() + " answers as the official code's");
  }
}
