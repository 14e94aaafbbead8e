package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A clip of the coloured-shapes world: one shape that moves three pixels a frame. */
record Clip(Shape shape, Color color, Direction direction, List<BufferedImage> frames) {

  private static final int FRAMES = 9;
  private static final int SPEED = 3;
  private static final double MIDDLE = Plane.SIDE / 2.0;

  /** Where a shape goes. */
  enum Direction {
    RIGHT(true, 1),
    LEFT(true, -1),
    UP(false, -1),
    DOWN(false, 1);

    private final boolean sideways;
    private final int sign;

    Direction(boolean sideways, int sign) {
      this.sideways = sideways;
      this.sign = sign;
    }

    boolean sideways() {
      return sideways;
    }
  }

  /**
   * Any clip whose shape crosses the middle. The README does not say where the official clips run;
   * on lines further out the model mistakes more shapes.
   */
  static Clip random(Random random) {
    Shape shape = PromptGrammar.any(random, Shape.values());
    Color color = PromptGrammar.any(random, Color.values());
    Background[] visible =
        Arrays.stream(Background.values())
            .filter(each -> !each.hides(color))
            .toArray(Background[]::new);
    Background background = PromptGrammar.any(random, visible);
    Size size = PromptGrammar.any(random, Size.values());
    Direction direction = PromptGrammar.any(random, Direction.values());
    ShapePainter painter = new ShapePainter(shape, color, background, size, random);
    double line = MIDDLE + ShapePainter.jitter(1, random);
    double middle = MIDDLE + ShapePainter.jitter(4, random);
    List<BufferedImage> frames =
        IntStream.range(0, FRAMES)
            .mapToDouble(frame -> middle + direction.sign * SPEED * (frame - FRAMES / 2))
            .mapToObj(
                way -> direction.sideways ? painter.paint(way, line) : painter.paint(line, way))
            .toList();
    return new Clip(shape, color, direction, frames);
  }
}
