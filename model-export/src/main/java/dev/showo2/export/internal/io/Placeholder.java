package dev.showo2.export.internal.io;

import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Placeholder of a file that was not downloaded: a link whose target is not there, as in caches of
 * Hugging Face, or a Git LFS pointer, as in clones without LFS.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Placeholder {

  private static final String POINTER_START = "version https://git-lfs.github.com/spec/";

  /** No pointer is larger, says the specification of Git LFS. */
  private static final long MAX_POINTER_BYTES = 1024;

  private Placeholder() {}

  /**
   * A clause that names the file and says what to do; empty if the file is there, or if nothing at
   * all is.
   *
   * @throws InvalidModelException if the file cannot be read
   */
  public static Optional<String> explain(Path path) {
    try {
      if (Files.isSymbolicLink(path) && !Files.exists(path)) {
        return Optional.of(
            path
                + " is a link to "
                + Files.readSymbolicLink(path)
                + ", which is not there: the download was interrupted, or the folder was copied"
                + " without what its links point to; get it again");
      }
      return isPointer(path)
          ? Optional.of(
              path
                  + " is a Git LFS pointer of "
                  + Files.size(path)
                  + " bytes, not the file itself; run 'git lfs pull' in its folder, or download the"
                  + " file")
          : Optional.empty();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
    }
  }

  /**
   * @throws InvalidModelException if there is a placeholder instead of the file
   */
  public static void refuse(Path path) {
    explain(path)
        .ifPresent(
            explanation -> {
              throw new InvalidModelException(explanation);
            });
  }

  private static boolean isPointer(Path path) throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) > MAX_POINTER_BYTES) {
      return false;
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(POINTER_START.length());
      return new String(start, StandardCharsets.ISO_8859_1).equals(POINTER_START);
    }
  }
}
