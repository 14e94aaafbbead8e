package dev.showo2.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.showo2.model.SpecialTokens;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChatTemplateTest {

  @Test
  void idsAroundAnImageEqualTheGoldens() {
    List<JsonObject> goldens =
        TextFixtures.understanding().stream().filter(golden -> golden.has("question")).toList();
    assertEquals(6, goldens.size());
    try (TextTokenizer tokenizer = TextFixtures.tokenizer()) {
      ChatTemplate template = new ChatTemplate(tokenizer);
      SpecialTokens special = tokenizer.specialTokens();
      for (JsonObject golden : goldens) {
        // The released script lists boi behind the prefix, together with eoi.
        int[] prefix = TextFixtures.ints(golden.get("prefix_ids"));
        int[] suffix = TextFixtures.ints(golden.get("suffix_ids"));
        int[] before = template.beforeImage();
        assertArrayEquals(prefix, Arrays.copyOf(before, before.length - 1));
        assertEquals(special.boi(), before[before.length - 1]);
        assertEquals(special.boi(), suffix[0]);
        assertArrayEquals(
            Arrays.copyOfRange(suffix, 1, suffix.length),
            template.afterImage(golden.get("question").getAsString()));
        int[] turns =
            IntStream.concat(IntStream.of(template.system()), IntStream.of(template.user()))
                .toArray();
        assertArrayEquals(Arrays.copyOfRange(prefix, 1, prefix.length), turns);
      }
    }
  }

  @Test
  void handedOutIdsAreCopies() {
    try (TextTokenizer tokenizer = TextFixtures.tokenizer()) {
      ChatTemplate template = new ChatTemplate(tokenizer);
      template.assistant()[0] = -1;
      assertArrayEquals(tokenizer.encode("\n<|im_start|>assistant\n"), template.assistant());
    }
  }
}
