package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.model.internal.Sha256;
import dev.showo2.natives.internal.PrivateFolders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The files of the cache. A plan is {@code KEY.plan}; its time is that of its last use. The timing
 * cache of a platform is {@code HASH.timings}. What is being built is in a folder {@code
 * .build-KEY-RANDOM}.
 */
final class PlanFolder implements AutoCloseable {

  private static final String PLAN = ".plan";
  private static final String TIMINGS = ".timings";
  private static final String BUILD = ".build-";

  /** Those of a platform have some megabytes. */
  private static final long TIMINGS_LIMIT = 1L << 28;

  private final Path path;
  private final long limitBytes;
  private final CacheLocks locks;
  private final Seal seal;

  private PlanFolder(Path path, long limitBytes, CacheLocks locks, Seal seal) {
    this.path = path;
    this.limitBytes = limitBytes;
    this.locks = locks;
    this.seal = seal;
  }

  /** Opens the folder, and deletes what killed builders left and what exceeds the limit. */
  static PlanFolder open(Path directory, long limitBytes) throws IOException {
    PrivateFolders.create(directory);
    Path path = directory.toRealPath();
    PrivateFolders.requireUnchangedByOthers(path.getParent());
    PrivateFolders.requirePrivate(path);
    CacheLocks locks = CacheLocks.open(path);
    try {
      CacheLocks.Held opening = locks.acquire("open", false, () -> false);
      try (opening) {
        PlanFolder folder = new PlanFolder(path, limitBytes, locks, Seal.of(path));
        folder.deleteAbandoned();
        folder.evict();
        return folder;
      }
    } catch (IOException | RuntimeException | Error e) {
      locks.close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** Takes the lock of those who build a plan if it is free. */
  Optional<CacheLocks.Held> tryBuilding(String key) throws IOException {
    return locks.tryAcquire("build " + key, false);
  }

  /** Waits for the lock of those who build a plan. */
  CacheLocks.Held building(String key, BooleanSupplier cancelled) throws IOException {
    return locks.acquire("build " + key, false, cancelled);
  }

  /** A new folder for what is being built under that lock. */
  Path createBuildFolder(String key) throws IOException {
    return PrivateFolders.createWithin(path, BUILD + key + "-");
  }

  /** Finds a plan that is intact. */
  Optional<CachedPlan> find(String key) throws IOException {
    CacheLocks.Held use = using(key);
    try {
      Path file = file(key);
      Optional<List<ByteBuffer>> parts = seal.open(file, key);
      if (parts.isEmpty()) {
        use.close();
        return Optional.empty();
      }
      used(file);
      return Optional.of(new CachedPlan(parts.get(), use));
    } catch (IOException | RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  /** Adds a plan, and deletes others if there are too many. */
  CachedPlan add(String key, Path built) throws IOException {
    CacheLocks.Held use = using(key);
    try {
      seal.append(built, key);
      Path file = file(key);
      Files.move(built, file, StandardCopyOption.ATOMIC_MOVE);
      used(file);
      evict();
      return new CachedPlan(
          seal.open(file, key)
              .orElseThrow(() -> new IOException(file + " has changed right after it was written")),
          use);
    } catch (IOException | RuntimeException | Error e) {
      use.close();
      throw e;
    }
  }

  /** Writes what earlier builds have measured on a platform, if there is something. */
  void readTimings(String platform, Path target) throws IOException {
    CacheLocks.Held reading = locks.acquire(TIMINGS + platform, true, () -> false);
    try (reading) {
      Optional<List<ByteBuffer>> parts = seal.open(timings(platform), TIMINGS + platform);
      if (parts.isPresent()) {
        try (WritableByteChannel out = Channels.newChannel(PrivateFolders.createFile(target))) {
          for (ByteBuffer part : parts.get()) {
            while (part.hasRemaining()) {
              out.write(part);
            }
          }
        }
      }
    }
  }

  /** Keeps what a build has measured. */
  void addTimings(String platform, Path built) throws IOException {
    if (Files.isRegularFile(built) && Files.size(built) <= TIMINGS_LIMIT) {
      seal.append(built, TIMINGS + platform);
      CacheLocks.Held writing = locks.acquire(TIMINGS + platform, false, () -> false);
      try (writing) {
        Files.move(built, timings(platform), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private CacheLocks.Held using(String key) throws IOException {
    // Those who delete hold it, for a moment.
    return locks.acquire("use " + key, true, () -> false);
  }

  private Path file(String key) {
    return path.resolve(key + PLAN);
  }

  private Path timings(String platform) {
    byte[] name = platform.getBytes(StandardCharsets.UTF_8);
    return path.resolve(Sha256.of(name) + TIMINGS);
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
        String key = name.substring(0, Math.max(0, name.lastIndexOf('-')));
        Optional<CacheLocks.Held> lock = tryBuilding(key);
        if (lock.isPresent()) {
          CacheLocks.Held building = lock.get();
          try (building) {
            PrivateFolders.delete(folder);
          }
        }
      }
    }
  }

  private record PlanFile(Path path, String key, FileTime used, long bytes) {}

  /** Deletes the plans that were used least recently, but none that is in use. */
  private void evict() throws IOException {
    List<PlanFile> plans = plans();
    long total = plans.stream().mapToLong(PlanFile::bytes).sum();
    for (PlanFile plan : plans) {
      if (total <= limitBytes) {
        return;
      }
      Optional<CacheLocks.Held> lock = locks.tryAcquire("use " + plan.key(), false);
      if (lock.isPresent()) {
        CacheLocks.Held deleting = lock.get();
        try (deleting) {
          Files.deleteIfExists(plan.path());
          total -= plan.bytes();
        } catch (IOException e) {
          // As on Windows, where a file that is mapped cannot be deleted.
        }
      }
    }
  }

  private List<PlanFile> plans() throws IOException {
    List<PlanFile> plans = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + PLAN)) {
      for (Path file : files) {
        try {
          String name = file.getFileName().toString();
          plans.add(
              new PlanFile(
                  file,
                  name.substring(0, name.length() - PLAN.length()),
                  Files.getLastModifiedTime(file),
                  Files.size(file)));
        } catch (NoSuchFileException e) {
          // Another process has deleted it.
        }
      }
    }
    plans.sort(Comparator.comparing(PlanFile::used).thenComparing(PlanFile::key));
    return plans;
  }

  @Override
  public void close() {
    locks.close();
  }
}
