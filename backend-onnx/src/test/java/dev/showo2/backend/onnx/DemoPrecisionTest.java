package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.DemoScores;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo model draws and answers nearly as well with weights in few bits. */
@ExtendWith(ExportedModels.class)
class DemoPrecisionTest {

  private static final double FIVE_POINTS = 0.05;

  /** Of both languages. */
  private static final int QUICK_IMAGES = 9;

  @Test
  void aFewImagesAreAsGoodAsInFp32(Models models, TestReporter reporter) {
    List<DemoPrompt> prompts = sample(EvalPrompts.load().prompts(), QUICK_IMAGES);
    DemoScores exact = draw(models.bundle("demo"), prompts);
    for (String precision : List.of("int8", "int4")) {
      DemoScores scores = draw(models.bundle("demo", precision), prompts);
      reporter.publishEntry(precision, scores.toString());
      assertTrue(
          mean(scores) >= mean(exact) - FIVE_POINTS,
          () -> precision + ": " + scores + "; in fp32: " + exact);
    }
  }

  private static DemoScores draw(Bundle bundle, List<DemoPrompt> prompts) {
    return DemoTasks.draw(bundle, prompts, DemoAccuracyTest.FIRST_SEED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "int4"})
  void answersAreAsGoodAsTheOfficialCodes(String precision, Models models, TestReporter reporter) {
    double share = answers(models.bundle("demo", precision));
    reporter.publishEntry(precision, share + " of the answers");
    assertTrue(
        share >= DemoAccuracyTest.README_ANSWERS - FIVE_POINTS, () -> precision + ": " + share);
  }

  /** The table of the exporter's README: all that {@link DemoAccuracyTest} draws and asks. */
  @Tag("measurement")
  @ParameterizedTest
  @ValueSource(strings = {"fp32", "fp16", "bf16", "int8", "int4"})
  void keepsTheAccuracyOfTheOfficialCode(String precision, Models models, TestReporter reporter) {
    Bundle bundle = models.bundle("demo", precision);
    int firstSeed = DemoAccuracyTest.FIRST_SEED + EvalPrompts.load().prompts().size();
    DemoScores scores = DemoTasks.draw(bundle, PromptGrammar.prompts(1, 208), firstSeed);
    double answers = answers(bundle);
    long bytes = bundle.manifest().files().stream().mapToLong(BundleFile::size).sum();
    reporter.publishEntry(
        precision,
        String.format(
            Locale.ROOT, "%.1f MB, %s, answers %.1f %%", bytes / 1e6, scores, 100 * answers));
    assertTrue(answers >= DemoAccuracyTest.README_ANSWERS - FIVE_POINTS);
    for (Attribute attribute : Attribute.values()) {
      double official =
          switch (attribute) {
            case SHAPE -> DemoAccuracyTest.README_SHAPE;
            case COLOR -> DemoAccuracyTest.README_COLOR;
            case SIZE, POSITION, BACKGROUND -> 1;
          };
      assertTrue(scores.share(attribute) >= official - FIVE_POINTS, scores::toString);
    }
  }

  private static double mean(DemoScores scores) {
    return Arrays.stream(Attribute.values()).mapToDouble(scores::share).average().orElseThrow();
  }

  /** The share of right ones. */
  private static double answers(Bundle bundle) {
    List<ImageQuestion> questions = EvalPrompts.load().questions();
    List<String> answers = DemoTasks.answers(bundle, questions);
    return DemoTasks.equal(answers, questions, ImageQuestion::answer) / (double) questions.size();
  }

  /** Spread evenly over a list. */
  private static <T> List<T> sample(List<T> list, int count) {
    return IntStream.range(0, count).mapToObj(i -> list.get(i * list.size() / count)).toList();
  }
}
