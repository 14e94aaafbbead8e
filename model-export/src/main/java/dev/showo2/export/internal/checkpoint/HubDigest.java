package dev.showo2.export.internal.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.model.internal.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * Comparison of files in Hugging Face's cache with their names: a large file is a link to one in
 * {@code blobs} whose name is the SHA-256 that its bytes must have.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HubDigest {

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MAX_LINKS = 8;

  private HubDigest() {}

  /**
   * Reads a file and compares it with its name in the cache; any other file is left alone.
   *
   * @param note is told before a file is read
   * @throws InvalidModelException if it has other bytes
   */
  public static void verify(Path file, Consumer<String> note) {
    Optional<String> expected = expected(file);
    if (expected.isEmpty()) {
      return;
    }
    note.accept("comparing " + file.getFileName() + " with its SHA-256");
    String found = digest(file);
    if (!found.equals(expected.get())) {
      throw new InvalidModelException(
          file
              + " is damaged: its SHA-256 should be "
              + expected.get()
              + ", the name that it has in the cache of the hub, found "
              + found
              + "; delete it there and download it again");
    }
  }

  /** The hash that a file's name in the cache says; empty for any other file. */
  static Optional<String> expected(Path file) {
    try {
      Path path = file;
      for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(path); i++) {
        path = path.resolveSibling(Files.readSymbolicLink(path));
      }
      Path name = path.getFileName();
      return path.equals(file) || name == null
          ? Optional.empty()
          : Optional.of(name.toString()).filter(text -> SHA_256.matcher(text).matches());
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String digest(Path file) {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        InterruptionCheck.check();
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new InvalidModelException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return Sha256.hex(digest.digest());
  }
}
