package dev.showo2.export;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.apiguardian.api.API;

/**
 * A folder in the making, of a bundle or a checkpoint. It grows in a hidden folder beside its place
 * and appears there complete, in one move; whatever happens before, nothing is left. Only a process
 * that is killed leaves the hidden folder, {@code .NAME.partial-…}, behind.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class OutputFolder implements AutoCloseable {

  private final Path place;
  private final Path working;
  private final Deque<Path> madeParents;
  private boolean committed;

  private OutputFolder(Path place, Path working, Deque<Path> madeParents) {
    this.place = place;
    this.working = working;
    this.madeParents = madeParents;
  }

  /**
   * @param folder the place
   * @param what will lie there, for messages
   * @throws FileAlreadyExistsException if there is something else than an empty folder at the place
   */
  public static OutputFolder create(Path folder, String what) throws IOException {
    Path place = followLink(folder.toAbsolutePath().normalize());
    requireFree(place, what);
    requireFolderAbove(place, what);
    Deque<Path> madeParents = new ArrayDeque<>();
    try {
      makeFolders(place.getParent(), madeParents);
      // Not createTempDirectory: its folders are closed to everybody but their owner.
      Path working =
          place.resolveSibling("." + place.getFileName() + ".partial-" + UUID.randomUUID());
      Files.createDirectory(working);
      return new OutputFolder(place, working, madeParents);
    } catch (IOException | RuntimeException e) {
      deleteWhatIsEmpty(madeParents);
      throw e;
    }
  }

  /** The nearest thing that exists above the place must be able to hold it. */
  private static void requireFolderAbove(Path place, String what) throws IOException {
    Path above = place.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && !Files.isDirectory(above)) {
      throw new NotDirectoryException(
          above + " is no folder, so there can be no " + what + " at " + place);
    }
  }

  /** A link to a folder says where the result should lie; the link itself stays. */
  private static Path followLink(Path place) throws IOException {
    return Files.isSymbolicLink(place) && Files.isDirectory(place) ? place.toRealPath() : place;
  }

  private static void requireFree(Path place, String what) throws IOException {
    if (Files.isDirectory(place)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
        if (!entries.iterator().hasNext() && place.getFileName() != null) {
          return;
        }
      }
      throw taken(place, "holds files already; name a folder that does not exist, or delete it");
    }
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(place, "is a file, a folder is needed for the " + what);
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
        // Somebody else needed it at the same time; whoever makes a folder takes it away again.
        if (!Files.isDirectory(path)) {
          throw e;
        }
      }
    }
  }

  /** Where the files are written until then. */
  public Path working() {
    return working;
  }

  /**
   * Puts the folder into its place.
   *
   * @throws FileAlreadyExistsException if somebody else has put something there meanwhile
   */
  public void commit() throws IOException {
    try {
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        // Not every file system lets a move replace an empty folder; one with files stays.
        Files.delete(place);
      }
      Files.move(working, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(place + " is on a file system that cannot move folders", e);
    } catch (IOException e) {
      // What a move onto something that exists throws differs from one file system to the next.
      if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
        FileAlreadyExistsException taken = taken(place, "was made by somebody else meanwhile");
        taken.initCause(e);
        throw taken;
      }
      throw e;
    }
    committed = true;
  }

  private static FileAlreadyExistsException taken(Path place, String reason) {
    return new FileAlreadyExistsException(place.toString(), null, reason);
  }

  /** Deletes what there is of it, unless it was committed. */
  @Override
  public void close() throws IOException {
    if (!committed) {
      FolderDeletion.delete(working);
      deleteWhatIsEmpty(madeParents);
    }
  }

  private static void deleteWhatIsEmpty(Deque<Path> folders) throws IOException {
    for (Path folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        return; // Somebody else uses it by now.
      }
    }
  }
}
