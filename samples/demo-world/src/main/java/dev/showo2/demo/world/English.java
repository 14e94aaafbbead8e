package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.StoryGrammar.StoryChange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * The English of the demo model: the names of its world, prompts for images, prompts and texts of
 * stories, in the forms of the demo's README.
 */
final class English {

  private English() {}

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

  static String prompt(Mention mention, Random random) {
    return Chance.any(random, "", "a picture of ", "an image of ", "draw ")
        + thing(mention.size(), mention.color(), mention.shape())
        + on(mention.background())
        + mention.position().map(each -> " " + place(each, random)).orElse("")
        + Chance.any(random, "", ".");
  }

  static String on(Optional<Background> background) {
    return background.map(each -> " on a " + name(each) + " background").orElse("");
  }

  private static String place(Position position, Random random) {
    String name = name(position);
    return switch (position) {
      case LEFT, RIGHT ->
          Chance.any(random, "at the " + name, "on the " + name, "on the " + name + " side");
      case TOP, BOTTOM -> "at the " + name;
      case CENTER -> Chance.any(random, "in the center", "at the center", "in the middle");
    };
  }

  static String storyPrompt(Mention mention, List<StoryChange> changes, Random random) {
    StringBuilder text = new StringBuilder("Draw ");
    text.append(thing(mention.size(), mention.color(), mention.shape()));
    text.append(on(mention.background()));
    mention.position().ifPresent(each -> text.append(" ").append(place(each)));
    changes.forEach(each -> text.append(", then ").append(wish(each, random)));
    return text.append(".").toString();
  }

  private static String wish(StoryChange change, Random random) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "turn it into " + shape(to);
      case COLOR -> turn(to.color(), random);
      case BACKGROUND -> "make the background " + name(to.background());
      case SIZE -> "make it " + name(to.size());
      case POSITION -> "move it to the " + name(to.position());
    };
  }

  private static String turn(Color color, Random random) {
    return Chance.any(random, "make it ", "turn it ") + name(color);
  }

  static String beginning(Mention mention) {
    return " Here is " + thing(mention.size(), mention.color(), mention.shape()) + ".";
  }

  static String telling(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "Now it is " + shape(to) + ".";
      case COLOR -> "Now it is " + name(to.color()) + ".";
      case BACKGROUND -> "Now the background is " + name(to.background()) + ".";
      case SIZE -> "Now it is " + name(to.size()) + ".";
      case POSITION -> "Now it is " + place(to.position()) + ".";
    };
  }

  private static String shape(Attributes to) {
    return withArticle(name(to.shape()));
  }
}
