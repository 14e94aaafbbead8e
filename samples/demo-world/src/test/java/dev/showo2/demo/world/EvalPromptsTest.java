package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import org.junit.jupiter.api.Test;

class EvalPromptsTest {

  private final EvalPrompts reference = EvalPrompts.load();

  @Test
  void readsAPrompt() {
    assertEquals(60, reference.prompts().size());
    assertEquals(
        new DemoPrompt(
            "a black cross at the top.",
            Language.ENGLISH,
            new Attributes(Shape.CROSS, Color.BLACK, Background.WHITE, Size.BIG, Position.TOP)),
        reference.prompts().get(0));
  }

  @Test
  void readsAQuestion() {
    assertEquals(60, reference.questions().size());
    assertEquals(
        new ImageQuestion(
            "samples/und/57.png",
            "Is it a triangle?",
            "No, it is a cross.",
            "Yes.",
            new Attributes(Shape.CROSS, Color.ORANGE, Background.WHITE, Size.SMALL, Position.TOP)),
        reference.questions().get(57));
  }
}
