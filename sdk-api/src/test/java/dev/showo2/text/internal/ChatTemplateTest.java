package dev.showo2.text.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
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
      for (JsonObject golden : goldens) {
        int[] prefix = TextFixtures.ints(golden.get("prefix_ids"));
        int[] suffix = TextFixtures.ints(golden.get("suffix_ids"));
        int[] turns =
            IntStream.concat(IntStream.of(template.system()), IntStream.of(template.user()))
                .toArray();
        assertArrayEquals(Arrays.copyOfRange(prefix, 1, prefix.length), turns);
        int[] assistant = template.assistant();
        assertArrayEquals(
            assistant, Arrays.copyOfRange(suffix, suffix.length - assistant.length, suffix.length));
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
