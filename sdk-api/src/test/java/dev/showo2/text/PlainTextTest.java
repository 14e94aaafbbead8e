package dev.showo2.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Control tokens as the characters that they are spelled with. The cases were made with Hugging
 * Face's tokenizers 0.23.3 and {@code encode_special_tokens = True}, which does the same for
 * special tokens.
 */
class PlainTextTest {

  private static TextTokenizer tokenizer;

  @TempDir private Path folder;

  @BeforeAll
  static void load() {
    tokenizer = TextFixtures.tokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  static List<JsonObject> cases() {
    return TextFixtures.objects("plain_cases.json");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheLibrary(JsonObject golden) {
    String text = golden.get("text").getAsString();
    int[] ids = tokenizer.encodePlain(text);
    assertArrayEquals(TextFixtures.ints(golden.get("ids")), ids);
    assertEquals(text, tokenizer.decode(ids, true));
  }

  /** Those that are no special tokens for the library structure a sequence as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {"<image>", "[PAD]", "a<|vid_start|>", "<|vid_end|>b", "\uff1cimage\uff1e"})
  void noAddedTokenIsRecognized(String text) {
    int[] ids = tokenizer.encodePlain(text);
    int first = tokenizer.id("<|endoftext|>");
    assertTrue(Arrays.stream(ids).allMatch(id -> id < first), Arrays.toString(ids));
    assertEquals(text, tokenizer.decode(ids, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a red circle", "一个红色圆形", "a < b | c > d"})
  void otherTextIsTheSameEitherWay(String text) {
    assertArrayEquals(tokenizer.encode(text), tokenizer.encodePlain(text));
  }

  @Test
  void anotherFileIsNotMixedIn() throws IOException {
    Path file = Files.copy(TextFixtures.tokenizerFile(), folder.resolve("tokenizer.json"));
    try (TextTokenizer other = TextTokenizer.load(file)) {
      Files.writeString(file, Files.readString(file).replace("<|im_end|>", "<|im_over|>"));
      InvalidModelException e =
          assertThrows(InvalidModelException.class, () -> other.encodePlain("<|im_end|>"));
      assertEquals(
          file + ": was replaced by another tokenizer; open the model again", e.getMessage());
      assertArrayEquals(new int[] {492}, other.encode("<|im_end|>"));
    }
  }

  @Test
  void closedIsClosed() {
    TextTokenizer closed = TextFixtures.tokenizer();
    closed.encodePlain("<|im_end|>");
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.encodePlain("<|im_end|>"));
  }
}
