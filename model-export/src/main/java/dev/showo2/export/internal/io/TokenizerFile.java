package dev.showo2.export.internal.io;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.model.SpecialTokens;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/** The tokenizer that goes into a bundle, checked against the model. */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
@API(status = API.Status.INTERNAL, since = "0.1")
public record TokenizerFile(byte[] bytes, SpecialTokens specialTokens) {

  /**
   * @throws InvalidModelException if the file is no tokenizer, or if the tokens in it and the rows
   *     of the embedding matrix are not equally many
   */
  public static TokenizerFile read(Path file, Architecture architecture) {
    Placeholder.refuse(file);
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      int tokens = tokenizer.vocabularySize();
      int rows = architecture.backbone().vocabularySize();
      if (tokens != rows) {
        throw new InvalidModelException(
            "the tokenizer "
                + file
                + " has "
                + tokens
                + " tokens with those that Show-o2 adds,"
                + " the model's embedding matrix has "
                + rows
                + " rows; use the tokenizer of the backbone that config.json names");
      }
      return new TokenizerFile(Files.readAllBytes(file), tokenizer.specialTokens());
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
