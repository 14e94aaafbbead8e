package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoScoresTest {

  private final List<ImageQuestion> questions = EvalPrompts.load().questions();
  private final DemoScores scores = new DemoScores();

  @Test
  void countsEachAttributeAlone() {
    // 00 is a small yellow circle at the right of gray, 02 a big one at the left.
    add("right", Language.ENGLISH, 0, 0);
    add("wrong", Language.CHINESE, 0, 2);
    assertEquals(1, scores.share(Attribute.SHAPE));
    assertEquals(1, scores.share(Attribute.COLOR));
    assertEquals(1, scores.share(Attribute.BACKGROUND));
    assertEquals(0.5, scores.share(Attribute.SIZE));
    assertEquals(0.5, scores.share(Attribute.POSITION));
    assertEquals(0.5, scores.all());
    assertEquals(1, scores.all(Language.ENGLISH));
    assertEquals(0, scores.all(Language.CHINESE));
    assertEquals(1, scores.misses().size());
    assertTrue(scores.misses().get(0).startsWith("wrong: "), scores.misses()::toString);
  }

  @Test
  void aPlainImageHasNothingRight() {
    Attributes asked = questions.get(0).shown();
    scores.add(
        new DemoPrompt("nothing", Language.ENGLISH, asked),
        new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB));
    assertEquals(0, scores.share(Attribute.BACKGROUND));
    assertEquals(0, scores.meanOverlap());
    assertEquals(List.of("nothing: a plain image"), scores.misses());
  }

  private void add(String text, Language language, int asked, int drawn) {
    scores.add(
        new DemoPrompt(text, language, questions.get(asked).shown()),
        EvalPrompts.image(questions.get(drawn).image()));
  }
}
