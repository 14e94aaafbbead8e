package dev.showo2.export.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticTokenizerTest {

  private static final int RELEASED_ROWS = 151_669;

  @TempDir private Path folder;

  @Test
  void specialTokensHaveTheirReleasedIds() throws IOException {
    try (TextTokenizer tokenizer = tokenizer(RELEASED_ROWS)) {
      assertEquals(RELEASED_ROWS, tokenizer.vocabularySize());
      assertEquals(151_643, tokenizer.id("<|endoftext|>"));
      assertEquals(151_644, tokenizer.specialTokens().bos());
      assertEquals(151_645, tokenizer.specialTokens().eos());
      assertEquals(151_652, tokenizer.specialTokens().boi());
      assertEquals(151_653, tokenizer.specialTokens().eoi());
      assertEquals(151_655, tokenizer.specialTokens().imagePad());
      assertEquals(151_657, tokenizer.id("<tool_call>"));
      assertEquals(151_664, tokenizer.id("<|file_sep|>"));
      assertEquals(151_665, tokenizer.specialTokens().pad());
    }
  }

  @Test
  void everyTextIsGivenBack() throws IOException {
    try (TextTokenizer tokenizer = tokenizer(508)) {
      String text = "Then the <|im_start|> red circle,\n\t在左边。 \u00e9\u0007 🎈";
      int[] ids = tokenizer.encode(text);
      assertEquals(text, tokenizer.decode(ids, false));
      assertArrayEquals(new int[] {256 + 3}, tokenizer.encode(" the"), "by the merges");
      assertEquals(" word300", tokenizer.decode(new int[] {300}, false));
    }
  }

  @Test
  void tooFewTokensAreRefused() {
    assertEquals(
        SyntheticTokenizer.json(286).length, SyntheticTokenizer.json(286).length, "the fewest");
    String message =
        assertThrows(InvalidModelException.class, () -> SyntheticTokenizer.json(285)).getMessage();
    assertTrue(message.contains("285 rows cannot be synthesized, it has at least 286"), message);
  }

  private TextTokenizer tokenizer(int rows) throws IOException {
    return TextTokenizer.load(
        Files.write(folder.resolve("tokenizer.json"), SyntheticTokenizer.json(rows)));
  }
}
