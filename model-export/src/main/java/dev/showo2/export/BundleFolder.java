package dev.showo2.export;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A bundle in the making. It grows in a folder beside its place and appears there complete, in one
 * move; whatever happens before, nothing is left.
 */
final class BundleFolder implements AutoCloseable {

  private final Path place;
  private final Path working;
  private boolean committed;

  private BundleFolder(Path place, Path working) {
    this.place = place;
    this.working = working;
  }

  /**
   * @throws FileAlreadyExistsException if there is something at the place already
   */
  static BundleFolder create(Path bundle) throws IOException {
    Path place = bundle.toAbsolutePath().normalize();
    requireFree(place);
    Path parent = place.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(place + " cannot become a bundle");
    }
    Files.createDirectories(parent);
    Path working = Files.createTempDirectory(parent, "." + place.getFileName() + ".partial-");
    return new BundleFolder(place, working);
  }

  private static void requireFree(Path place) throws IOException {
    if (Files.isDirectory(place)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
        if (!entries.iterator().hasNext()) {
          return;
        }
      }
      throw new FileAlreadyExistsException(
          place + " holds files already; name a folder that does not exist, or delete it");
    }
    if (Files.exists(place)) {
      throw new FileAlreadyExistsException(place + " is a file, a folder is needed");
    }
  }

  Path working() {
    return working;
  }

  /**
   * @throws FileAlreadyExistsException if somebody else has put something there meanwhile
   */
  void commit() throws IOException {
    try {
      // An empty folder is replaced by the move; one with files makes it fail.
      Files.deleteIfExists(place);
      Files.move(working, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(place + " is on a file system that cannot move folders", e);
    } catch (DirectoryNotEmptyException e) {
      throw new FileAlreadyExistsException(place.toString(), null, "was made by somebody else");
    } catch (IOException e) {
      if (Files.exists(place)) {
        throw new FileAlreadyExistsException(place.toString(), null, "was made by somebody else");
      }
      throw e;
    }
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (!committed) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(working)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(working);
    }
  }
}
