package dev.showo2.pipeline;

import static dev.showo2.fake.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TokenSampling;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TextOptionsTest {

  @Test
  void theDefaultsAreThoseOfTheReleasedScripts() {
    assertEquals(
        new TextOptions(300, TokenSampling.greedy(), 1, List.of(), 0),
        TextOptions.builder().build());
    assertEquals(TextOptions.DEFAULTS, TextOptions.builder().build());
  }

  @Test
  void theBuilderTakesEverySetting() {
    TokenSampling sampling = new TokenSampling(0.7f, OptionalInt.of(5), OptionalDouble.of(0.9));
    TextOptions options =
        TextOptions.builder()
            .maxTokens(7)
            .sampling(sampling)
            .repetitionPenalty(1.2f)
            .stopSequences("a", "\n")
            .seed(3)
            .build();
    assertEquals(new TextOptions(7, sampling, 1.2f, List.of("a", "\n"), 3), options);
    assertEquals(options, TextOptions.builder().options(options).build());
    assertEquals(TextOptions.DEFAULTS, TextOptions.builder().options(TextOptions.DEFAULTS).build());
  }

  @Test
  void stopSequencesAreCopied() {
    List<String> sequences = new ArrayList<>(List.of("a"));
    TextOptions options = new TextOptions(1, TokenSampling.greedy(), 1, sequences, 0);
    sequences.add("b");
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
