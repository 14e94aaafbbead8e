package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Position;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * Writes prompts after the grammar of the demo's README, to have more of them than the 60 of {@code
 * eval_prompts.json}. The same seed gives the same prompts.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PromptGrammar {

  private final Random random;

  private PromptGrammar(long seed) {
    random = new Random(seed);
  }

  /** As many prompts; every third is Chinese, as in the official measurement (69 of 208). */
  public static List<DemoPrompt> prompts(long seed, int count) {
    PromptGrammar grammar = new PromptGrammar(seed);
    List<DemoPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(grammar.next(i % 3 == 2 ? Language.CHINESE : Language.ENGLISH));
    }
    return prompts;
  }

  private DemoPrompt next(Language language) {
    Mention mention = mention();
    String text =
        language == Language.CHINESE
            ? ChinesePrompt.of(mention, random)
            : EnglishPrompt.of(mention, random);
    return new DemoPrompt(text, language, mention.expected());
  }

  /**
   * Half name a size, two thirds a background, half a place: about as the official 60 prompts. All
   * else is equally likely.
   */
  private Mention mention() {
    Color color = any(random, Color.values());
    Background[] visible =
        Arrays.stream(Background.values())
            .filter(each -> !each.hides(color))
            .toArray(Background[]::new);
    return new Mention(
        any(random, Shape.values()),
        color,
        chance(1, 2) ? Optional.of(any(random, Size.values())) : Optional.empty(),
        chance(2, 3) ? Optional.of(any(random, visible)) : Optional.empty(),
        chance(1, 2) ? Optional.of(any(random, Position.values())) : Optional.empty());
  }

  private boolean chance(int cases, int of) {
    return random.nextInt(of) < cases;
  }

  @SafeVarargs
  static <T> T any(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
