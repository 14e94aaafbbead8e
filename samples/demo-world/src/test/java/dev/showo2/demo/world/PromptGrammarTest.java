package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.demo.world.PromptGrammar.DemoPrompt;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PromptGrammarTest {

  /** The rarest form of an official prompt comes about once in 200,000 prompts. */
  private static final int PROMPTS_EACH = 50_000;

  private static final int SEEDS = 20;

  @Test
  void writesEveryOfficialPromptAndExpectsTheSame() {
    Set<DemoPrompt> official = new HashSet<>(EvalPrompts.load().prompts());
    Set<String> texts = official.stream().map(DemoPrompt::text).collect(Collectors.toSet());
    Set<DemoPrompt> written =
        LongStream.range(0, SEEDS)
            .mapToObj(seed -> PromptGrammar.prompts(seed, PROMPTS_EACH))
            .flatMap(List::stream)
            .filter(each -> texts.contains(each.text()))
            .collect(Collectors.toSet());
    assertEquals(official, written);
  }

  @Test
  void aThirdIsChinese() {
    assertEquals(
        69,
        PromptGrammar.prompts(1, 208).stream()
            .filter(each -> each.language() == Language.CHINESE)
            .count());
  }

  @Test
  void theSeedDecides() {
    assertEquals(PromptGrammar.prompts(1, 50), PromptGrammar.prompts(1, 50));
    assertNotEquals(PromptGrammar.prompts(1, 50), PromptGrammar.prompts(2, 50));
  }
}
