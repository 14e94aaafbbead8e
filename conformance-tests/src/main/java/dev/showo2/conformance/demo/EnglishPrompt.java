package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Position;
import java.util.Locale;
import java.util.Random;

/** Says a {@link Mention} in English, in one of the forms of the demo's README. */
final class EnglishPrompt {

  private EnglishPrompt() {}

  static String of(Mention mention, Random random) {
    String thing = lower(mention.color()) + " " + lower(mention.shape());
    if (mention.size().isPresent()) {
      thing = lower(mention.size().get()) + " " + thing;
    }
    String article = thing.startsWith("o") ? "an " : "a ";
    StringBuilder text = new StringBuilder();
    text.append(PromptGrammar.any(random, "", "a picture of ", "an image of ", "draw "));
    text.append(article).append(thing);
    mention
        .background()
        .ifPresent(each -> text.append(" on a ").append(lower(each)).append(" background"));
    mention.position().ifPresent(each -> text.append(" ").append(place(each, random)));
    return text.append(PromptGrammar.any(random, "", ".")).toString();
  }

  private static String place(Position position, Random random) {
    String name = lower(position);
    return switch (position) {
      case LEFT, RIGHT ->
          PromptGrammar.any(random, "at the " + name, "on the " + name, "on the " + name + " side");
      case TOP, BOTTOM -> "at the " + name;
      case CENTER -> PromptGrammar.any(random, "in the center", "at the center", "in the middle");
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
