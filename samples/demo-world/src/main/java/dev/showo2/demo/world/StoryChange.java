package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.Arrays;
import java.util.Random;

/**
 * A step of a story.
 *
 * @param attribute what changes
 * @param to what the image shows after it
 */
record StoryChange(Attribute attribute, Attributes to) {

  /** To any other value with which the shape can still be seen. */
  static StoryChange of(Attribute attribute, Attributes from, Random random) {
    Attributes to =
        switch (attribute) {
          case SHAPE -> from.with(other(Shape.values(), from.shape(), random));
          case COLOR -> from.with(other(visible(from.background()), from.color(), random));
          case BACKGROUND ->
              from.with(other(Background.showing(from.color()), from.background(), random));
          case SIZE -> from.with(other(Size.values(), from.size(), random));
          case POSITION -> from.with(other(Position.values(), from.position(), random));
        };
    return new StoryChange(attribute, to);
  }

  private static Color[] visible(Background background) {
    return Arrays.stream(Color.values())
        .filter(each -> !background.hides(each))
        .toArray(Color[]::new);
  }

  private static <T> T other(T[] values, T than, Random random) {
    int index = random.nextInt(values.length - 1);
    return values[index] == than ? values[values.length - 1] : values[index];
  }
}
