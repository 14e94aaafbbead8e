package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Color;
import java.util.List;
import java.util.Random;

/** Says a story's prompt and texts in English, in the forms of the demo's README. */
final class EnglishStory {

  private EnglishStory() {}

  static String prompt(Mention mention, List<StoryChange> changes, Random random) {
    StringBuilder text = new StringBuilder("Draw ");
    text.append(EnglishWords.thing(mention.size(), mention.color(), mention.shape()));
    text.append(EnglishPrompt.on(mention.background()));
    mention.position().ifPresent(each -> text.append(" ").append(EnglishWords.place(each)));
    changes.forEach(each -> text.append(", then ").append(wish(each, random)));
    return text.append(".").toString();
  }

  private static String wish(StoryChange change, Random random) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "turn it into " + shape(to);
      case COLOR -> turn(to.color(), random);
      case BACKGROUND -> "make the background " + EnglishWords.name(to.background());
      case SIZE -> "make it " + EnglishWords.name(to.size());
      case POSITION -> "move it to the " + EnglishWords.name(to.position());
    };
  }

  private static String turn(Color color, Random random) {
    return Chance.any(random, "make it ", "turn it ") + EnglishWords.name(color);
  }

  static String beginning(Mention mention) {
    return " Here is " + EnglishWords.thing(mention.size(), mention.color(), mention.shape()) + ".";
  }

  static String telling(StoryChange change) {
    Attributes to = change.to();
    return switch (change.attribute()) {
      case SHAPE -> "Now it is " + shape(to) + ".";
      case COLOR -> "Now it is " + EnglishWords.name(to.color()) + ".";
      case BACKGROUND -> "Now the background is " + EnglishWords.name(to.background()) + ".";
      case SIZE -> "Now it is " + EnglishWords.name(to.size()) + ".";
      case POSITION -> "Now it is " + EnglishWords.place(to.position()) + ".";
    };
  }

  private static String shape(Attributes to) {
    return EnglishWords.withArticle(EnglishWords.name(to.shape()));
  }
}
