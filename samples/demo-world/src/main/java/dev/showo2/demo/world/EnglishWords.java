package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.Locale;
import java.util.Optional;

/** What the demo model's English calls the things of its world. */
final class EnglishWords {

  private EnglishWords() {}

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** As in "a small red circle". */
  static String thing(Optional<Size> size, Color color, Shape shape) {
    String thing = name(color) + " " + name(shape);
    return withArticle(size.map(each -> name(each) + " " + thing).orElse(thing));
  }

  static String withArticle(String thing) {
    return (thing.startsWith("o") ? "an " : "a ") + thing;
  }

  static String place(Position position) {
    return (position == Position.CENTER ? "in the " : "at the ") + name(position);
  }

  static String way(Direction direction) {
    return (direction.dx() != 0 ? "to the " : "") + name(direction);
  }

  static String sentence(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
  }
}
