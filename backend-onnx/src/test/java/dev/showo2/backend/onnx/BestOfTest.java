package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.PromptGrammar;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.ShapeClassifier;
import dev.showo2.pipeline.BestOf;
import dev.showo2.pipeline.BestOfRequest;
import dev.showo2.pipeline.ScoredImage;
import dev.showo2.pipeline.TextToImageRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** The demo model knows which of its own images is right. */
@ExtendWith(ExportedModels.class)
class BestOfTest {

  private static final int PROMPTS = 120;
  private static final int CANDIDATES = 4;

  /** So few that seeds matter: with more, all images of a prompt are mostly right, or none is. */
  private static final int STEPS = 4;

  @Tag("measurement")
  @Test
  void theBestOfFourIsRightMoreOftenThanSingleImages(Models models, TestReporter reporter) {
    int rightSingles = 0;
    int rightBests = 0;
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BestOf bestOf = new BestOf(open.model());
      List<DemoPrompt> prompts = PromptGrammar.prompts(2, PROMPTS);
      for (int i = 0; i < prompts.size(); i++) {
        DemoPrompt prompt = prompts.get(i);
        List<ScoredImage> ranked = bestOf.generate(request(prompt, 100 * i));
        assertEquals(CANDIDATES, ranked.size());
        rightBests += isRight(ranked.get(0), prompt) ? 1 : 0;
        for (ScoredImage candidate : ranked) {
          rightSingles += isRight(candidate, prompt) ? 1 : 0;
          assertTrue(candidate.score() <= ranked.get(0).score(), "best first");
          assertTrue(candidate.score() <= 0, "score " + candidate.score());
        }
      }
    }
    double single = rightSingles / (double) (PROMPTS * CANDIDATES);
    double best = rightBests / (double) PROMPTS;
    reporter.publishEntry(
        "fully right",
        "single images %.1f %%, best of %d %.1f %%, %d prompts"
            .formatted(100 * single, CANDIDATES, 100 * best, PROMPTS));
    assertTrue(best > single, best + " of the best and " + single + " of all are right");
  }

  private static BestOfRequest request(DemoPrompt prompt, int seed) {
    return BestOfRequest.of(
        TextToImageRequest.builder(prompt.text()).seed(seed).steps(STEPS).build(), CANDIDATES);
  }

  private static boolean isRight(ScoredImage image, DemoPrompt prompt) {
    return ShapeClassifier.classify(image.image().image()).equals(Optional.of(prompt.expected()));
  }
}
