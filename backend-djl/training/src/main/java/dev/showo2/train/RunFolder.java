package dev.showo2.train;

import dev.showo2.error.InvalidRequestException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a run, which one process at a time writes to. Checkpoints in it are complete: they
 * come and go by renaming, and what a killed process left behind is deleted when the folder is
 * opened.
 */
final class RunFolder implements AutoCloseable {

  private static final Pattern CHECKPOINT = Pattern.compile("checkpoint-(\\d{1,18})");

  /** Of folders on their way in or out, and of files. */
  private static final Pattern UNFINISHED =
      Pattern.compile("\\.(?:checkpoint-\\d+\\.(?:partial|old)|showo2)-.*");

  private static final String LOCK = ".lock";

  private final Path path;
  private final FileChannel lockFile;

  private RunFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Opens a folder, which is created if it does not exist, and keeps others from it.
   *
   * @throws InvalidRequestException if another run uses it
   */
  static RunFolder open(Path path) throws IOException {
    Files.createDirectories(path);
    FileChannel channel =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!lock(channel)) {
        throw new InvalidRequestException(
            "another run writes to " + path + "; wait for its end, or name another folder");
      }
      RunFolder folder = new RunFolder(path, channel);
      folder.deleteUnfinished();
      return folder;
    } catch (IOException | RuntimeException | Error e) {
      try (channel) {
        throw e;
      }
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  Path checkpoint(long step) {
    return path.resolve("checkpoint-" + step);
  }

  /** {@return the steps of the checkpoints that are there, in their order} */
  static List<Long> checkpoints(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> CHECKPOINT.matcher(entry.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Long.parseLong(matcher.group(1)))
          .sorted()
          .toList();
    }
  }

  /** Deletes all but the newest checkpoints. */
  void keepNewest(int count) throws IOException {
    List<Long> steps = checkpoints(path);
    for (long step : steps.subList(0, Math.max(0, steps.size() - count))) {
      // Renamed first: half a checkpoint must not look like one.
      Path old = path.resolve(".checkpoint-" + step + ".old-" + UUID.randomUUID());
      Files.move(checkpoint(step), old, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    }
  }

  private void deleteUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> entries = Files.list(path)) {
      unfinished =
          new ArrayList<>(
              entries
                  .filter(entry -> UNFINISHED.matcher(entry.getFileName().toString()).matches())
                  .toList());
    }
    for (Path entry : unfinished) {
      delete(entry);
    }
  }

  private static void delete(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
