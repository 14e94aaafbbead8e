package dev.showo2.natives.internal;

import dev.showo2.error.internal.JvmShutdown;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * A private folder of files that take long to make. An entry is a file {@code KEY.ENDING} with a
 * {@link Seal}, whose time is that of its last use; it may have a companion, a second file without
 * one, for an engine that wants its path. What is being made is in a folder {@code
 * .build-KEY-RANDOM}. Thread-safe, also among processes.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SealedFolder implements AutoCloseable {

  private static final String BUILD = ".build-";

  private final Path path;
  private final Endings endings;
  private final long limitBytes;
  private final CacheLocks locks;
  private final Seal seal;

  private SealedFolder(Path path, Endings endings, long limitBytes, CacheLocks locks, Seal seal) {
    this.path = path;
    this.endings = endings;
    this.limitBytes = limitBytes;
    this.locks = locks;
    this.seal = seal;
  }

  /**
   * The ends of the files' names.
   *
   * @param entry of a file with a seal, with its dot
   * @param companion of the file beside it, with its dot; empty if entries have none
   */
  public record Endings(String entry, Optional<String> companion) {}

  /** An entry, which stays in the folder at least until this is closed. Thread-safe. */
  public static final class Entry implements AutoCloseable {

    private final List<ByteBuffer> parts;
    private final Optional<Path> companion;
    private final CacheLocks.Held use;

    private Entry(List<ByteBuffer> parts, Optional<Path> companion, CacheLocks.Held use) {
      this.parts = parts;
      this.companion = companion;
      this.use = use;
    }

    /** The bytes of the file, direct and in order; more than one part if it has over 1 GiB. */
    public List<ByteBuffer> parts() {
      return parts.stream().map(ByteBuffer::duplicate).toList();
    }

    /** The file beside it, which need not be what it was. */
    public Optional<Path> companion() {
      return companion;
    }

    /** Allows that the entry is deleted; a second call does nothing. */
    @Override
    public void close() {
      use.close();
    }
  }

  /** The folder in which an entry is made; it is deleted with it, and with the JVM. */
  public static final class BuildFolder implements AutoCloseable {

    private final Path path;
    private final JvmShutdown.Work work;

    private BuildFolder(Path path, JvmShutdown.Work work) {
      this.path = path;
      this.work = work;
    }

    private static BuildFolder of(Path path) {
      try {
        return new BuildFolder(
            path, JvmShutdown.ofThisJvm().begin(() -> PrivateFolders.delete(path)));
      } catch (RuntimeException | Error e) {
        PrivateFolders.delete(path);
        throw e;
      }
    }

    /** {@return the folder, on the disk of the entries} */
    public Path path() {
      return path;
    }

    @Override
    public void close() {
      try (work) {
        PrivateFolders.delete(path);
      }
    }
  }

  /**
   * Opens the folder, made if there is none, and deletes what killed builders left and what exceeds
   * the limit.
   *
   * @param limitBytes of all entries; those that were used least recently are deleted
   */
  public static SealedFolder open(Path directory, Endings endings, long limitBytes)
      throws IOException {
    PrivateFolders.create(directory);
    Path path = directory.toRealPath();
    PrivateFolders.requireUnchangedByOthers(path.getParent());
    PrivateFolders.requirePrivate(path);
    CacheLocks locks = CacheLocks.open(path);
    try {
      CacheLocks.Held opening = locks.acquire("open", false, () -> false);
      try (opening) {
        SealedFolder folder = new SealedFolder(path, endings, limitBytes, locks, Seal.of(path));
        folder.deleteAbandoned();
        folder.evict();
        return folder;
      }
    } catch (IOException | RuntimeException | Error e) {
      locks.close();
      throw e;
    }
  }

  /** {@return the folder, without links} */
  public Path path() {
    return path;
  }

  /** {@return the locks of the folder, for files that are no entries} */
  public CacheLocks locks() {
    return locks;
  }

  /** {@return the seal of the folder, for files that are no entries} */
  public Seal seal() {
    return seal;
  }

  /** Takes the lock of those who make an entry if it is free. */
  public Optional<CacheLocks.Held> tryBuilding(String key) throws IOException {
    return locks.tryAcquire("build " + key, false);
  }

  /** Waits for the lock of those who make an entry. */
  public CacheLocks.Held building(String key, BooleanSupplier cancelled) throws IOException {
    return locks.acquire("build " + key, false, cancelled);
  }

  /** A new folder for what is made under that lock. */
  public BuildFolder createBuildFolder(String key) throws IOException {
    return BuildFolder.of(PrivateFolders.createWithin(path, BUILD + key + "-"));
  }

  /** Finds an entry that is intact. */
  public Optional<Entry> find(String key) throws IOException {
    CacheLocks.Held use = using(key);
    try {
      Path file = file(key);
      Optional<List<ByteBuffer>> parts = seal.open(file, key);
      if (parts.isEmpty()) {
        use.close();
        return Optional.empty();
      }
      used(file);
      return Optional.of(new Entry(parts.get(), companion(key), use));
    } catch (IOException | RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  /**
   * Adds an entry, and deletes others if there are too many.
   *
   * @param built moved into this folder
   * @param companion moved beside it
   */
  public Entry add(String key, Path built, Optional<Path> companion) throws IOException {
    CacheLocks.Held use = using(key);
    try {
      if (companion.isPresent()) {
        try (FileChannel channel = FileChannel.open(companion.get(), StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        Files.move(companion.get(), companion(key).orElseThrow(), StandardCopyOption.ATOMIC_MOVE);
      }
      seal.append(built, key);
      Path file = file(key);
      Files.move(built, file, StandardCopyOption.ATOMIC_MOVE);
      used(file);
      evict();
      return new Entry(
          seal.open(file, key)
              .orElseThrow(() -> new IOException(file + " has changed right after it was written")),
          companion(key),
          use);
    } catch (IOException | RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  private CacheLocks.Held using(String key) throws IOException {
    // Those who delete hold it, for a moment.
    return locks.acquire("use " + key, true, () -> false);
  }

  private Path file(String key) {
    return path.resolve(key + endings.entry());
  }

  private Optional<Path> companion(String key) {
    return endings.companion().map(ending -> path.resolve(key + ending));
  }

  private static void used(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // It only counts as older than it is.
    }
  }

  /** What processes left that ended while they built. */
  private void deleteAbandoned() throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(path, BUILD + "*")) {
      for (Path folder : folders) {
        String name = folder.getFileName().toString().substring(BUILD.length());
        unlessBuilding(
            name.substring(0, Math.max(0, name.lastIndexOf('-'))),
            () -> PrivateFolders.delete(folder));
      }
    }
    if (endings.companion().isEmpty()) {
      return;
    }
    String ending = endings.companion().get();
    try (DirectoryStream<Path> companions = Files.newDirectoryStream(path, "*" + ending)) {
      for (Path companion : companions) {
        String name = companion.getFileName().toString();
        String key = name.substring(0, name.length() - ending.length());
        if (!Files.exists(file(key))) {
          unlessBuilding(key, () -> deleteIfPossible(companion));
        }
      }
    }
  }

  private void unlessBuilding(String key, Runnable delete) throws IOException {
    Optional<CacheLocks.Held> lock = tryBuilding(key);
    if (lock.isPresent()) {
      CacheLocks.Held building = lock.get();
      try (building) {
        delete.run();
      }
    }
  }

  private static boolean deleteIfPossible(Path file) {
    try {
      Files.deleteIfExists(file);
      return true;
    } catch (IOException e) {
      return false; // As on Windows, where a file that is mapped cannot be deleted.
    }
  }

  private record Listed(String key, FileTime used, long bytes) {}

  /** Deletes the entries that were used least recently, but none that is in use. */
  private void evict() throws IOException {
    List<Listed> entries = entries();
    long total = entries.stream().mapToLong(Listed::bytes).sum();
    for (Listed entry : entries) {
      if (total <= limitBytes) {
        return;
      }
      Optional<CacheLocks.Held> lock = locks.tryAcquire("use " + entry.key(), false);
      if (lock.isPresent()) {
        CacheLocks.Held deleting = lock.get();
        try (deleting) {
          if (deleteIfPossible(file(entry.key()))
              && companion(entry.key()).map(SealedFolder::deleteIfPossible).orElse(true)) {
            total -= entry.bytes();
          }
        }
      }
    }
  }

  private List<Listed> entries() throws IOException {
    List<Listed> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + endings.entry())) {
      for (Path file : files) {
        try {
          String name = file.getFileName().toString();
          String key = name.substring(0, name.length() - endings.entry().length());
          long bytes = Files.size(file);
          Optional<Path> companion = companion(key).filter(Files::exists);
          if (companion.isPresent()) {
            bytes += Files.size(companion.get());
          }
          entries.add(new Listed(key, Files.getLastModifiedTime(file), bytes));
        } catch (NoSuchFileException e) {
          // Another process has deleted it.
        }
      }
    }
    entries.sort(Comparator.comparing(Listed::used).thenComparing(Listed::key));
    return entries;
  }

  @Override
  public void close() {
    locks.close();
  }
}
