package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.model.internal.JsonFields;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The checker on the images of the reference data, clean ones and those of the official code. */
class ShapeClassifierReferenceTest {

  /**
   * What the prompts of the eight golden images ask for, but for two shapes. Case 1 asks for a
   * small square and shows a blot with five corners; the small square of case 6 has lost its
   * corners. Both come nearest to a circle.
   */
  private static final List<Attributes> GOLDENS =
      List.of(
          seen(Shape.CIRCLE, Color.RED, Background.WHITE, Size.BIG, Position.CENTER),
          seen(Shape.CIRCLE, Color.BLUE, Background.BLACK, Size.SMALL, Position.LEFT),
          seen(Shape.TRIANGLE, Color.YELLOW, Background.GRAY, Size.BIG, Position.TOP),
          seen(Shape.CROSS, Color.GREEN, Background.WHITE, Size.BIG, Position.RIGHT),
          seen(Shape.CIRCLE, Color.RED, Background.WHITE, Size.BIG, Position.CENTER),
          seen(Shape.CIRCLE, Color.BLUE, Background.BLACK, Size.BIG, Position.CENTER),
          seen(Shape.CIRCLE, Color.RED, Background.WHITE, Size.SMALL, Position.LEFT),
          seen(Shape.CIRCLE, Color.WHITE, Background.BLACK, Size.BIG, Position.BOTTOM));

  @Test
  void seesWhatEveryCleanImageShows() {
    List<ImageQuestion> questions = EvalPrompts.load().questions();
    assertEquals(60, questions.size());
    for (ImageQuestion question : questions) {
      assertEquals(
          Optional.of(question.shown()),
          ShapeClassifier.classify(EvalPrompts.image(question.image())),
          question.image());
    }
  }

  @Test
  void seesWhatTheOfficialCodeDrew() {
    String file = "goldens/cases.json";
    List<JsonFields> cases =
        JsonFields.parse(EvalPrompts.text(file), file).objects("cases").stream()
            .filter(each -> each.string("stage").equals("t2i"))
            .toList();
    assertEquals(GOLDENS.size(), cases.size());
    for (int i = 0; i < GOLDENS.size(); i++) {
      JsonFields golden = cases.get(i);
      assertEquals(
          Optional.of(GOLDENS.get(i)),
          ShapeClassifier.classify(EvalPrompts.image(golden.string("png"))),
          golden.text("prompts"));
    }
  }

  private static Attributes seen(
      Shape shape, Color color, Background background, Size size, Position position) {
    return new Attributes(shape, color, background, size, position);
  }
}
