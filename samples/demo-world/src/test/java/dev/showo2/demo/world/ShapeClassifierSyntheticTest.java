package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import dev.showo2.demo.world.ShapeClassifier.Finding;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The checker on images of every combination of attributes, drawn by other code than its own. */
class ShapeClassifierSyntheticTest {

  private final Random random = new Random(20);
  private final List<SyntheticImage> images = SyntheticImage.all(random);

  @Test
  void seesEveryCombination() {
    DemoScores scores = scores(UnaryOperator.identity());
    assertEquals(880, scores.count());
    assertEquals(List.of(), scores.misses());
  }

  @Test
  void isNotPutOffByNoiseAndASlightBlur() {
    DemoScores scores = scores(image -> Degraded.noisy(Degraded.blurred(image, 4), 4, random));
    assertEquals(List.of(), scores.misses());
  }

  /** A strong blur takes the arms of small crosses first; then nobody could tell the shape. */
  @Test
  void losesOnlySmallShapesToAStrongBlur() {
    DemoScores scores = scores(image -> Degraded.noisy(Degraded.blurred(image, 8), 4, random));
    assertTrue(scores.share(Attribute.SHAPE) > 0.95, scores::toString);
    assertTrue(scores.share(Attribute.COLOR) > 0.98, scores::toString);
    assertEquals(1, scores.share(Attribute.BACKGROUND));
    assertEquals(1, scores.share(Attribute.SIZE));
    assertEquals(1, scores.share(Attribute.POSITION));
    assertTrue(scores.misses().stream().allMatch(miss -> miss.contains("size=SMALL")));
  }

  @Test
  void aPlainImageShowsNothing() {
    BufferedImage plain = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    assertEquals(Optional.empty(), ShapeClassifier.classify(Degraded.noisy(plain, 6, random)));
  }

  @Test
  void chaosHasNoShapeToSpeakOf() {
    BufferedImage plain = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    BufferedImage chaos = Degraded.noisy(plain, 200, random);
    assertTrue(ShapeClassifier.examine(chaos).map(Finding::overlap).orElse(0.0) < 0.5);
  }

  @Test
  void refusesAnotherSize() {
    BufferedImage wide = new BufferedImage(128, 64, BufferedImage.TYPE_INT_RGB);
    assertThrows(IllegalArgumentException.class, () -> ShapeClassifier.classify(wide));
  }

  private DemoScores scores(UnaryOperator<BufferedImage> change) {
    DemoScores scores = new DemoScores();
    for (SyntheticImage each : images) {
      DemoPrompt prompt =
          new DemoPrompt(each.attributes().toString(), Language.ENGLISH, each.attributes());
      scores.add(prompt, change.apply(each.image()));
    }
    return scores;
  }
}
