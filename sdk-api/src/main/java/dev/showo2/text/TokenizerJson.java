package dev.showo2.text;

import dev.showo2.error.InvalidModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A {@code tokenizer.json} with the tokens that Show-o2 adds to those of the language model (SPEC
 * 8).
 *
 * @param text the extended JSON
 * @param addedTokens ids of all tokens that are found whole in a text, by their content
 * @param vocabularySize one more than the highest id
 */
record TokenizerJson(String text, Map<String, Integer> addedTokens, int vocabularySize) {

  private static final long MAX_BYTES = 64L << 20;

  static TokenizerJson read(Path file) {
    return new TokenizerExtension(readText(file), file.toString()).extend();
  }

  private static String readText(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException("no tokenizer at " + file);
    }
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new InvalidModelException(
            file
                + " has "
                + size
                + " bytes; a tokenizer.json of at most "
                + MAX_BYTES
                + " is read");
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidModelException(file + ": not valid UTF-8", e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e, e);
    }
  }
}
