package dev.showo2.model.internal;

import dev.showo2.error.internal.JvmShutdown;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.apiguardian.api.API;

/**
 * A folder, such as a bundle, that appears complete or not at all. It is written to a hidden folder
 * in the same directory and then moved to its final path; without a commit nothing is left. Only a
 * killed process leaves the hidden folder, {@code .NAME.partial-…}, behind. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PendingFolder implements AutoCloseable {

  private final Path destination;
  private final Path working;
  private final Deque<Path> madeParents;
  private final JvmShutdown.Work writing;
  private volatile boolean committed;

  private PendingFolder(Path destination, Path working, Deque<Path> madeParents) {
    this.destination = destination;
    this.working = working;
    this.madeParents = madeParents;
    this.writing = JvmShutdown.ofThisJvm().begin(this::deleteAtShutdown);
  }

  /**
   * Creates the hidden folder, and the folders above it that are missing.
   *
   * @param target the final path of the folder
   * @throws FileAlreadyExistsException if there is something else than an empty folder
   */
  public static PendingFolder create(Path target) throws IOException {
    Path destination = followLink(target.toAbsolutePath().normalize());
    requireFree(destination);
    requireFolderAbove(destination);
    Deque<Path> madeParents = new ArrayDeque<>();
    try {
      makeFolders(destination.getParent(), madeParents);
      // Not createTempDirectory: its folders are accessible to their owner alone.
      Path working =
          destination.resolveSibling(
              "." + destination.getFileName() + ".partial-" + UUID.randomUUID());
      PendingFolder folder = new PendingFolder(destination, working, madeParents);
      try {
        Files.createDirectory(working);
        return folder;
      } catch (IOException | RuntimeException e) {
        folder.writing.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      deleteWhatIsEmpty(madeParents);
      throw e;
    }
  }

  /** Requires that the nearest existing ancestor of the path is a folder. */
  private static void requireFolderAbove(Path destination) throws IOException {
    Path above = destination.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && !Files.isDirectory(above)) {
      throw new NotDirectoryException(
          above + " is no folder, so there can be none at " + destination);
    }
  }

  /** Resolves a link to a folder, so that the folder is replaced and the link stays. */
  private static Path followLink(Path destination) throws IOException {
    return Files.isSymbolicLink(destination) && Files.isDirectory(destination)
        ? destination.toRealPath()
        : destination;
  }

  private static void requireFree(Path destination) throws IOException {
    if (Files.isDirectory(destination)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(destination)) {
        if (!entries.iterator().hasNext() && destination.getFileName() != null) {
          return;
        }
      }
      throw taken(
          destination, "holds files already; name a folder that does not exist, or delete it");
    }
    if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(destination, "is a file, a folder is needed");
    }
  }

  private static void makeFolders(Path folder, Deque<Path> made) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
      missing.push(path);
    }
    for (Path path : missing) {
      try {
        Files.createDirectory(path);
        made.push(path);
      } catch (FileAlreadyExistsException e) {
        // Another process created it at the same time; each removes only what it created.
        if (!Files.isDirectory(path)) {
          throw e;
        }
      }
    }
  }

  /** The hidden folder, to be filled by the caller. */
  public Path working() {
    return working;
  }

  /**
   * Moves the folder to its final path.
   *
   * @throws FileAlreadyExistsException if the path has been created meanwhile
   */
  public void commit() throws IOException {
    try {
      if (Files.isDirectory(destination, LinkOption.NOFOLLOW_LINKS)) {
        // Not every file system can move onto an empty folder; one with files stays.
        Files.delete(destination);
      }
      // The files' entries must be on the disk before the folder's name, and that before success.
      force(working);
      Files.move(working, destination, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(destination + " is on a file system that cannot move folders", e);
    } catch (IOException e) {
      // The exception for a move onto an existing path depends on the file system.
      if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
        FileAlreadyExistsException taken =
            taken(destination, "was made by somebody else meanwhile");
        taken.initCause(e);
        throw taken;
      }
      throw e;
    }
    committed = true;
    force(destination.getParent());
  }

  /** Makes the entries of a folder last, where the file system lets one do so. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folders; its file system keeps the order of such changes itself.
    }
  }

  private static FileAlreadyExistsException taken(Path destination, String reason) {
    return new FileAlreadyExistsException(destination.toString(), null, reason);
  }

  /** Deletes the hidden folder, unless it was committed. */
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
    if (!committed) {
      Deletion.delete(working);
      deleteWhatIsEmpty(madeParents);
    }
  }

  private static void deleteWhatIsEmpty(Deque<Path> folders) throws IOException {
    for (Path folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        return; // In use by another process.
      }
    }
  }

  /** Deletes a folder with its content; links are deleted, not followed. */
  private static final class Deletion extends SimpleFileVisitor<Path> {

    private Deletion() {}

    static void delete(Path folder) throws IOException {
      Files.walkFileTree(folder, new Deletion());
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
