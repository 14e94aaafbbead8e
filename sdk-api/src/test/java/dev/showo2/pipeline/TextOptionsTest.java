package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TokenSampling;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextOptionsTest {

  @Test
  void theDefaultsAreThoseOfTheReleasedScripts() {
    TextOptions options = TextOptions.builder().build();
    assertEquals(300, options.maxTokens());
    assertEquals(TokenSampling.greedy(), options.sampling());
    assertEquals(1, options.repetitionPenalty());
    assertEquals(List.of(), options.stopSequences());
    assertEquals(0, options.seed());
    assertEquals(TextOptions.DEFAULTS, options);
  }

  @Test
  void theBuilderTakesEverySetting() {
    TokenSampling sampling = TokenSampling.builder().temperature(0.7f).topK(5).topP(0.9).build();
    TextOptions options =
        TextOptions.builder()
            .maxTokens(7)
            .sampling(sampling)
            .repetitionPenalty(1.2f)
            .stopSequences("a", "\n")
            .seed(3)
            .build();
    assertEquals(7, options.maxTokens());
    assertEquals(sampling, options.sampling());
    assertEquals(1.2f, options.repetitionPenalty());
    assertEquals(List.of("a", "\n"), options.stopSequences());
    assertEquals(3, options.seed());
    assertEquals(options, TextOptions.builder().options(options).build());
    assertEquals(TextOptions.DEFAULTS, TextOptions.builder().options(TextOptions.DEFAULTS).build());
  }

  @Test
  void stopSequencesAreCopied() {
    String[] sequences = {"a"};
    TextOptions options = TextOptions.builder().stopSequences(sequences).build();
    sequences[0] = "b";
    assertEquals(List.of("a"), options.stopSequences());
    assertThrows(UnsupportedOperationException.class, () -> options.stopSequences().add("b"));
  }

  @Test
  void refusesWhatIsOutOfRange() {
    refuses(TextOptions.builder().maxTokens(0), "max tokens: at least 1 is needed, found 0");
    for (float penalty : new float[] {0, -1, 10.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      refuses(
          TextOptions.builder().repetitionPenalty(penalty),
          "repetition penalty: a number from 0.1 to 10 is needed, found " + penalty);
    }
    refuses(
        TextOptions.builder().stopSequences("a", ""),
        "stop sequences: text is needed in each, found an empty one");
    refuses(
        TextOptions.builder().stopSequences("a\ud83d"),
        "stop sequences: whole characters are needed, found half of a surrogate pair");
    assertFails(NullPointerException.class, () -> TextOptions.builder().sampling(null), "sampling");
  }

  private static void refuses(TextOptions.Builder builder, String message) {
    assertFails(InvalidRequestException.class, builder::build, message);
  }
}
