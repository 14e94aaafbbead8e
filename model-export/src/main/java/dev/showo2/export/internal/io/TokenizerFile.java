package dev.showo2.export.internal.io;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.Architecture;
import dev.showo2.model.SpecialTokens;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * The tokenizer that goes into a bundle, checked against the model.
 *
 * @param tokens with those that Show-o2 adds
 */
@SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
@API(status = API.Status.INTERNAL, since = "0.1")
public record TokenizerFile(byte[] bytes, SpecialTokens specialTokens, int tokens) {

  /** Rows that trainers add so that their number is a round one. */
  private static final int MAX_PADDING = 1024;

  private static final int ROUND = 8;

  /**
   * @throws InvalidModelException if the file is no tokenizer, or if the embedding matrix has fewer
   *     rows than it has tokens, or more than padding to a multiple of 8 explains
   */
  public static TokenizerFile read(Path file, Architecture architecture) {
    return read(file, architecture, true);
  }

  /**
   * Reads the tokenizer for a model whose embedding matrix has a row for each token and no other.
   *
   * @throws InvalidModelException if the file is no tokenizer or does not fit
   */
  public static TokenizerFile readExact(Path file, Architecture architecture) {
    return read(file, architecture, false);
  }

  private static TokenizerFile read(Path file, Architecture architecture, boolean mayBePadded) {
    Placeholder.refuse(file);
    try (TextTokenizer tokenizer = TextTokenizer.load(file)) {
      int tokens = tokenizer.vocabularySize();
      int rows = architecture.backbone().vocabularySize();
      boolean padded =
          mayBePadded && rows % ROUND == 0 && rows > tokens && rows - tokens <= MAX_PADDING;
      if (tokens != rows && !padded) {
        throw new InvalidModelException(
            "the tokenizer "
                + file
                + " has "
                + tokens
                + " tokens with those that Show-o2 adds,"
                + " the model's embedding matrix has "
                + rows
                + " rows; use the tokenizer of the backbone that config.json names"
                + (rows < tokens || !mayBePadded
                    ? ""
                    : " (rows without a token are accepted where their number was rounded up: to a"
                        + " multiple of 8, by at most 1024)"));
      }
      return new TokenizerFile(Files.readAllBytes(file), tokenizer.specialTokens(), tokens);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }
}
