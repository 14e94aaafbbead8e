package dev.showo2.samples.demo;

import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.natives.internal.NativeLoading;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A folder that is deleted on close or when the JVM ends, with all that is in it. */
public final class TemporaryFolder implements AutoCloseable {

  private final Path path;
  private final JvmShutdown.Work use;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.use = JvmShutdown.ofThisJvm().begin(this::deleteAtShutdown);
  }

  /**
   * Makes an empty folder that only this user can read.
   *
   * @param prefix of the name of the folder
   * @return the folder, which is deleted when it is closed
   * @throws IOException if it cannot be made; the message says where and what to do
   */
  public static TemporaryFolder create(String prefix) throws IOException {
    try {
      return new TemporaryFolder(Files.createTempDirectory(prefix));
    } catch (IOException e) {
      throw new IOException(
          "the folder for temporary files, "
              + System.getProperty("java.io.tmpdir")
              + ", cannot be written to ("
              + NativeLoading.reason(e)
              + "); name another with -Djava.io.tmpdir=FOLDER",
          e);
    }
  }

  /** {@return the folder} */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (use) {
      delete(path);
    }
  }

  private void deleteAtShutdown() {
    try {
      delete(path);
    } catch (IOException e) {
      // Nobody is left to be told.
    }
  }

  /** Deletes a folder and all that is in it; links are deleted, not followed. */
  static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
