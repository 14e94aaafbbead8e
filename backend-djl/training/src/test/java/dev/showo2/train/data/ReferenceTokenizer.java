package dev.showo2.train.data;

import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** The tokenizer of the checkpoint tiny-a. */
final class ReferenceTokenizer {

  private ReferenceTokenizer() {}

  /** Loads it; the caller closes it. */
  static TextTokenizer load(Path folder) {
    return TextTokenizer.load(resource("/dev/showo2/fixtures/tiny-a/tokenizer.json", folder));
  }

  /** Copies a resource, which may be in a jar, to a file. */
  static Path resource(String name, Path folder) {
    Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1));
    try (InputStream input = ReferenceTokenizer.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(input, name), file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
