package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MotionGrammarTest {

  /** The prompts of the README and of the goldens. */
  private static final Map<String, Motion> OFFICIAL =
      Map.of(
          "a green triangle moving to the right.",
          new Motion(Shape.TRIANGLE, Color.GREEN, Background.WHITE, Size.BIG, Direction.RIGHT),
          "一个蓝色十字形向上移动。",
          new Motion(Shape.CROSS, Color.BLUE, Background.WHITE, Size.BIG, Direction.UP),
          "a purple triangle moving down.",
          new Motion(Shape.TRIANGLE, Color.PURPLE, Background.WHITE, Size.BIG, Direction.DOWN),
          "a white cross moving up on a gray background.",
          new Motion(Shape.CROSS, Color.WHITE, Background.GRAY, Size.BIG, Direction.UP),
          "灰色背景上有一个黄色十字形向左移动。",
          new Motion(Shape.CROSS, Color.YELLOW, Background.GRAY, Size.BIG, Direction.LEFT),
          "a small blue square moving to the left.",
          new Motion(Shape.SQUARE, Color.BLUE, Background.WHITE, Size.SMALL, Direction.LEFT));

  @Test
  void writesEveryOfficialPromptAndExpectsTheSame() {
    Set<String> missing = new HashSet<>(OFFICIAL.keySet());
    for (MotionPrompt prompt : MotionGrammar.prompts(1, 50_000)) {
      if (missing.remove(prompt.text())) {
        assertEquals(OFFICIAL.get(prompt.text()), prompt.expected(), prompt.text());
      }
    }
    assertEquals(Set.of(), missing);
  }

  @Test
  void directionsAndLanguagesAreEven() {
    List<MotionPrompt> prompts = MotionGrammar.prompts(1, 48);
    for (Direction direction : Direction.values()) {
      assertEquals(
          12, prompts.stream().filter(each -> each.expected().direction() == direction).count());
    }
    assertEquals(16, prompts.stream().filter(each -> each.language() == Language.CHINESE).count());
  }

  @Test
  void noShapeHasTheColorOfItsBackground() {
    assertTrue(
        MotionGrammar.prompts(1, 1000).stream()
            .map(MotionPrompt::expected)
            .noneMatch(each -> each.background().hides(each.color())));
  }

  @Test
  void theSeedDecides() {
    assertEquals(MotionGrammar.prompts(1, 50), MotionGrammar.prompts(1, 50));
    assertEquals(MotionGrammar.prompts(1, 50), MotionGrammar.prompts(1, 80).subList(0, 50));
    assertNotEquals(MotionGrammar.prompts(1, 50), MotionGrammar.prompts(2, 50));
  }
}
