package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.JvmShutdown;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apiguardian.api.API;

/**
 * A file or folder that appears complete or not at all: it is written under a temporary name in the
 * same directory and then moved to its final name. Until {@link #complete}, an existing file stays
 * as it was; without it, closing removes what was written, and so does the end of the JVM. Not
 * thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PendingFile implements Closeable {

  private final Path target;
  private final Path temporary;
  private final JvmShutdown.Work writing;

  private PendingFile(Path target) {
    this.target = target;
    // Not Files.createTempFile: its files are readable by their owner alone, and stay so once
    // moved.
    this.temporary = target.resolveSibling(".showo2-" + UUID.randomUUID() + ".tmp");
    this.writing = JvmShutdown.ofThisJvm().begin(this::deleteAtShutdown);
  }

  /**
   * Prepares a file, which replaces an existing one. A link is followed: the file that it leads to
   * is replaced.
   *
   * @param file the final path
   * @param what is to be written, for messages
   * @return the pending file, to be closed by the caller
   * @throws InvalidRequestException if the directory is missing, or the path is a directory or
   *     anything else but a file
   * @throws IOException if a link cannot be followed
   */
  public static PendingFile file(Path file, String what) throws IOException {
    Path target = requirePlace(file, what);
    if (Files.isDirectory(target)) {
      throw refused(what, file, "it is a directory; name a file in it");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw refused(what, file, "it is a device or the like; name a plain file");
    }
    return new PendingFile(Files.exists(target) ? target.toRealPath() : target);
  }

  /**
   * Prepares a folder, which must not exist yet or be empty.
   *
   * @param folder the final path
   * @param what is to be written, for messages
   * @return the pending folder, to be closed by the caller
   * @throws InvalidRequestException if the parent directory is missing, or the path is a file or a
   *     folder with files
   * @throws IOException if a link or the folder cannot be read
   */
  public static PendingFile folder(Path folder, String what) throws IOException {
    Path target = requirePlace(folder, what);
    if (!Files.exists(target)) {
      return new PendingFile(target);
    }
    if (!Files.isDirectory(target)) {
      throw refused(what, folder, "there is a file of this name; name a new folder");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw refused(what, folder, "the folder is not empty; name a new one");
      }
    }
    return new PendingFile(target.toRealPath());
  }

  private static Path requirePlace(Path file, String what) {
    Path target = file.toAbsolutePath();
    // A root has no directory around it, and is one itself.
    if (target.getParent() != null && !Files.isDirectory(target.getParent())) {
      throw refused(what, file, "its directory does not exist; create it first");
    }
    return target;
  }

  private static InvalidRequestException refused(String what, Path file, String why) {
    return new InvalidRequestException("cannot write " + what + " to " + file + ": " + why);
  }

  /** {@return the temporary path to write to; nothing exists there yet} */
  public Path path() {
    return temporary;
  }

  /**
   * Moves what was written to its final name.
   *
   * @throws IOException if the disk refuses; an existing empty folder may be gone then
   */
  public void complete() throws IOException {
    if (Files.isDirectory(temporary)) {
      Files.deleteIfExists(target);
    }
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Removes what was written and not moved; otherwise has no effect. */
  @Override
  public void close() throws IOException {
    try (writing) {
      delete();
    }
  }

  private void deleteAtShutdown() {
    try {
      delete();
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  private void delete() throws IOException {
    if (Files.isDirectory(temporary)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(temporary)) {
        for (Path entry : entries) {
          Files.delete(entry);
        }
      }
    }
    Files.deleteIfExists(temporary);
  }
}
