package dev.showo2.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {

  @TempDir Path directory;

  @Test
  void loadingAnExtendedFileChangesNothing() throws IOException {
    TokenizerJson extended = TokenizerJson.read(TextFixtures.tokenizerFile());
    Path file = Files.writeString(directory.resolve("tokenizer.json"), extended.text());
    assertEquals(extended, TokenizerJson.read(file));
    assertEquals(508, extended.vocabularySize());
  }

  @Test
  void tokenOfTheVocabularyKeepsItsId() throws IOException {
    JsonObject json = fixture();
    json.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("<image>", 504);
    TokenizerJson extended = TokenizerJson.read(write(json.toString()));
    assertEquals(504, extended.addedTokens().get("<image>"));
    assertEquals(505, extended.addedTokens().get("[PAD]"));
    assertEquals(508, extended.vocabularySize());
  }

  @Test
  void truncationAndPaddingOfTheFileAreNotApplied() throws IOException {
    JsonObject json = fixture();
    json.add(
        "truncation",
        JsonParser.parseString(
            "{'direction':'Right','max_length':3,'strategy':'LongestFirst','stride':0}"));
    json.add(
        "padding",
        JsonParser.parseString(
            "{'strategy':{'Fixed':9},'direction':'Right','pad_to_multiple_of':null,"
                + "'pad_id':490,'pad_type_id':0,'pad_token':'x'}"));
    try (TextTokenizer tokenizer = TextTokenizer.load(write(json.toString()))) {
      assertArrayEquals(new int[] {64}, tokenizer.encode("a"));
      assertEquals(7, tokenizer.encode("abcdefg").length);
    }
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("none.json");
    assertEquals("no tokenizer at " + file, message(file));
  }

  @Test
  void brokenJsonIsNamed() throws IOException {
    String text = Files.readString(TextFixtures.tokenizerFile());
    Path cut = write(text.substring(0, 5000));
    assertTrue(message(cut).startsWith(cut + ": not a tokenizer: End of input at line "));
    Path empty = write("{}");
    assertEquals(empty + ": not a tokenizer: it has no 'vocab' in a 'model'", message(empty));
    Path list = write("[]");
    assertTrue(message(list).contains("Expected BEGIN_OBJECT but was BEGIN_ARRAY"), message(list));
    Path tail = write("{} {}");
    assertTrue(message(tail).startsWith(tail + ": not a tokenizer: "), message(tail));
  }

  @Test
  void fileThatIsCutOffAnywhereIsRefused() throws IOException {
    String text = Files.readString(TextFixtures.tokenizerFile());
    for (int length = 0; length < text.length() - 1; length += 211) {
      Path file = write(text.substring(0, length));
      assertTrue(message(file).startsWith(file + ": not a tokenizer: "), message(file));
    }
  }

  @Test
  void otherEncodingIsNamed() throws IOException {
    Path file = directory.resolve("latin1.json");
    Files.write(file, new byte[] {'{', '"', (byte) 0xe9, '"', ':', '1', '}'});
    assertEquals(file + ": not valid UTF-8", message(file));
  }

  @Test
  void wrongIdIsNamed() throws IOException {
    JsonObject json = fixture();
    json.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("a", -1);
    Path file = write(json.toString());
    assertEquals(file + ": the id of 'a' should be from 0 to 16777216, found -1", message(file));
    json.getAsJsonObject("model").getAsJsonObject("vocab").addProperty("a", "one");
    assertTrue(message(write(json.toString())).contains("one"), message(file));
  }

  @Test
  void aRefusalByTheLibraryIsReported() throws IOException {
    JsonObject json = fixture();
    json.getAsJsonObject("model").addProperty("type", "Nonsense");
    Path file = write(json.toString());
    assertTrue(
        message(file).startsWith(file + ": the tokenizer library does not accept it: "),
        message(file));
  }

  @Test
  void tokenizerOfAnotherModelLacksTokens() throws IOException {
    JsonObject json = fixture();
    json.add("added_tokens", JsonNull.INSTANCE);
    Path file = write(json.toString());
    assertEquals(
        file + ": has no token '<|im_start|>' among its added tokens; is it one of Qwen2.5?",
        message(file));
    json.add("added_tokens", new JsonArray());
    assertEquals(message(file), message(write(json.toString())));
  }

  @Test
  void hugeFileIsRefused() throws IOException {
    Path file = directory.resolve("huge.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((64L << 20) + 1);
    }
    assertEquals(
        file + " has 67108865 bytes; a tokenizer.json of at most 67108864 is read", message(file));
  }

  private static JsonObject fixture() {
    return TextFixtures.json(TextFixtures.tokenizerFile()).getAsJsonObject();
  }

  private Path write(String json) throws IOException {
    return Files.writeString(directory.resolve("tokenizer.json"), json);
  }

  private static String message(Path file) {
    return assertThrows(InvalidModelException.class, () -> TextTokenizer.load(file)).getMessage();
  }
}
