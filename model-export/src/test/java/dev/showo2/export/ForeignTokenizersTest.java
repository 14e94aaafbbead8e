package dev.showo2.export;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizers that do not go with the model. */
class ForeignTokenizersTest {

  @TempDir Path folder;

  private Path checkpoint;
  private Path file;
  private JsonObject json;

  @BeforeEach
  void write() throws IOException {
    checkpoint = TestCheckpoint.tiny().write(folder.resolve("checkpoint"));
    file = checkpoint.resolve("tokenizer.json");
    json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  /** Qwen3 has all special tokens of Qwen2.5 and a few more. */
  @Test
  void moreTokensThanRows() throws IOException {
    for (String token : new String[] {"<think>", "</think>"}) {
      JsonObject added = added().get(0).getAsJsonObject().deepCopy();
      added.addProperty("content", token);
      added.addProperty("id", 490 + added().size());
      added().add(added);
    }
    assertRefused(
        "the tokenizer "
            + file
            + " has 510 tokens with those that Show-o2 adds, the model's embedding matrix has 508"
            + " rows; use the tokenizer of the backbone that config.json names");
  }

  @Test
  void fewerTokensThanRows() throws IOException {
    remove("<|video_pad|>");
    added().get(added().size() - 2).getAsJsonObject().addProperty("content", "<|video_pad|>");
    assertRefused("has 507 tokens", "the model's embedding matrix has 508 rows");
  }

  @Test
  void specialTokensThatAreMissing() throws IOException {
    for (String token : new String[] {"<|video_pad|>", "<|vision_start|>"}) {
      remove(token);
      assertRefused(file + ": has no token '" + token + "'", "is it one of Qwen2.5?");
    }
  }

  /** As Llama 3 has them. */
  @Test
  void tokenizerOfAnotherFamily() throws IOException {
    json.add("added_tokens", new JsonArray());
    JsonObject begin = new JsonObject();
    begin.addProperty("id", 490);
    begin.addProperty("content", "<|begin_of_text|>");
    begin.addProperty("special", true);
    added().add(begin);
    assertRefused(
        file + ": has no token '<|im_start|>' among its added tokens; is it one of Qwen2.5?");
  }

  private JsonArray added() {
    return json.getAsJsonArray("added_tokens");
  }

  private void remove(String token) {
    JsonArray rest = new JsonArray();
    for (JsonElement element : added()) {
      if (!element.getAsJsonObject().get("content").getAsString().equals(token)) {
        rest.add(element);
      }
    }
    json.add("added_tokens", rest);
  }

  private void assertRefused(String... parts) throws IOException {
    Files.writeString(file, json.toString());
    refused(parts);
  }

  @Test
  void pointerToATokenizer() throws IOException {
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n");
    refused(file + " is a Git LFS pointer of 63 bytes, not the file itself; run 'git lfs pull'");
  }

  private void refused(String... parts) throws IOException {
    Leftovers.assertRefused(
        InvalidModelException.class,
        ExportRequest.of(checkpoint, folder.resolve("bundle")),
        ExportListener.NONE,
        parts);
  }
}
