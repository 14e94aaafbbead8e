package dev.showo2.demo.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * Writes prompts after the grammar of the demo's README, to have more of them than the 60 of {@code
 * eval_prompts.json}. The same seed gives the same prompts.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class PromptGrammar {

  private final Random random;

  private PromptGrammar(long seed) {
    random = new Random(seed);
  }

  /**
   * Writes prompts; every third is Chinese, as in the official measurement (69 of 208).
   *
   * @param seed the seed of all choices
   * @param count how many
   * @return the first ones of an endless list
   */
  public static List<DemoPrompt> prompts(long seed, int count) {
    PromptGrammar grammar = new PromptGrammar(seed);
    List<DemoPrompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(grammar.next(i % 3 == 2 ? Language.CHINESE : Language.ENGLISH));
    }
    return prompts;
  }

  private DemoPrompt next(Language language) {
    Mention mention = Mention.random(random);
    return new DemoPrompt(mention.prompt(language, random), language, mention.expected());
  }

  /**
   * A text-to-image prompt.
   *
   * @param text the prompt
   * @param language the language of the text
   * @param expected what the image should show; defaults stand where the prompt is silent
   */
  public record DemoPrompt(String text, Language language, Attributes expected) {}
}
