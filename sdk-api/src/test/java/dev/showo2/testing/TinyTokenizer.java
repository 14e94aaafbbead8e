package dev.showo2.testing;

import dev.showo2.model.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tokenizer of Qwen2.5's kind with 508 tokens. */
public final class TinyTokenizer {

  /** Its tokens, those that Show-o2 adds included. */
  public static final int VOCABULARY = 508;

  private TinyTokenizer() {}

  /** The content of {@code tokenizer.json}. */
  public static byte[] json() {
    try (InputStream json = TinyTokenizer.class.getResourceAsStream("tokenizer.json")) {
      return json.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes {@code tokenizer.json}, over another one if there is one. */
  public static Path write(Path folder) throws IOException {
    return Files.write(folder.resolve(Bundle.TOKENIZER_FILE), json());
  }
}
