package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.model.internal.Sha256;
import dev.showo2.natives.internal.CacheLocks;
import dev.showo2.natives.internal.PrivateFolders;
import dev.showo2.natives.internal.SealedFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The files of the cache. A plan is {@code KEY.plan}; the timing cache of a platform is {@code
 * HASH.timings}.
 */
final class PlanFolder implements AutoCloseable {

  private static final String PLAN = ".plan";
  private static final String TIMINGS = ".timings";

  /** Those of a platform have some megabytes. */
  private static final long TIMINGS_LIMIT = 1L << 28;

  private final SealedFolder plans;

  private PlanFolder(SealedFolder plans) {
    this.plans = plans;
  }

  /** Opens the folder, and deletes what killed builders left and what exceeds the limit. */
  static PlanFolder open(Path directory, long limitBytes) throws IOException {
    return new PlanFolder(
        SealedFolder.open(directory, new SealedFolder.Endings(PLAN, Optional.empty()), limitBytes));
  }

  /** The plans. */
  SealedFolder plans() {
    return plans;
  }

  /** Finds a plan that is intact. */
  Optional<CachedPlan> find(String key) throws IOException {
    return plans.find(key).map(CachedPlan::new);
  }

  /** Adds a plan, and deletes others if there are too many. */
  CachedPlan add(String key, Path built) throws IOException {
    return new CachedPlan(plans.add(key, built, Optional.empty()));
  }

  /** Writes what earlier builds have measured on a platform, if there is something. */
  void readTimings(String platform, Path target) throws IOException {
    CacheLocks.Held reading = plans.locks().acquire(TIMINGS + platform, true, () -> false);
    try (reading) {
      Optional<List<ByteBuffer>> parts = plans.seal().open(timings(platform), TIMINGS + platform);
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
      plans.seal().append(built, TIMINGS + platform);
      CacheLocks.Held writing = plans.locks().acquire(TIMINGS + platform, false, () -> false);
      try (writing) {
        Files.move(built, timings(platform), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  private Path timings(String platform) {
    byte[] name = platform.getBytes(StandardCharsets.UTF_8);
    return plans.path().resolve(Sha256.of(name) + TIMINGS);
  }

  @Override
  public void close() {
    plans.close();
  }
}
