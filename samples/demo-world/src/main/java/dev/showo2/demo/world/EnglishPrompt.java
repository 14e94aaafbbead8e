package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Position;
import java.util.Optional;
import java.util.Random;

/** Says a {@link Mention} in English, in one of the forms of the demo's README. */
final class EnglishPrompt {

  private EnglishPrompt() {}

  static String of(Mention mention, Random random) {
    return Chance.any(random, "", "a picture of ", "an image of ", "draw ")
        + EnglishWords.thing(mention.size(), mention.color(), mention.shape())
        + on(mention.background())
        + mention.position().map(each -> " " + place(each, random)).orElse("")
        + Chance.any(random, "", ".");
  }

  static String on(Optional<Background> background) {
    return background.map(each -> " on a " + EnglishWords.name(each) + " background").orElse("");
  }

  private static String place(Position position, Random random) {
    String name = EnglishWords.name(position);
    return switch (position) {
      case LEFT, RIGHT ->
          Chance.any(random, "at the " + name, "on the " + name, "on the " + name + " side");
      case TOP, BOTTOM -> "at the " + name;
      case CENTER -> Chance.any(random, "in the center", "at the center", "in the middle");
    };
  }
}
