package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.PlanRequest;
import dev.showo2.error.BackendException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.natives.internal.CacheFolder;
import dev.showo2.natives.internal.CacheLocks;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.SealedFolder;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/**
 * Plans on disk, each built once by a process of its own. A plan is loaded only if it was built for
 * this folder, for the same graph, weights, options and platform; any other file is replaced.
 * Thread-safe, also among processes.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class EngineCache implements AutoCloseable {

  /** The option of the backend for {@link EngineRequest#classPath()}. */
  public static final String CLASS_PATH_OPTION = "builder-class-path";

  private static final String FOLDER = "tensorrt";

  private final PlanFolder folder;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EngineCache(PlanFolder folder) {
    this.folder = folder;
  }

  /**
   * The folder of plans: {@code tensorrt} in the configured one, else in this user's cache folder.
   *
   * @param configured {@link BackendConfig#cacheDirectory()}
   * @throws BackendException if none is configured and this user has no home
   */
  public static Path directory(Optional<Path> configured) {
    try {
      return (configured.isPresent() ? configured.get() : CacheFolder.locate()).resolve(FOLDER);
    } catch (IOException e) {
      throw new BackendException("there is no folder for engines: " + e.getMessage(), e);
    }
  }

  /**
   * Opens a cache, creates its folder if there is none, and deletes what killed builders left.
   *
   * @param limitBytes of all plans; those that were used least recently are deleted
   * @throws BackendException if the folder cannot be written to
   */
  public static EngineCache open(Path directory, long limitBytes) {
    try {
      return new EngineCache(PlanFolder.open(directory, limitBytes));
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new BackendException(
                  "engines cannot be kept in "
                      + directory
                      + " ("
                      + NativeLoading.reason(e)
                      + "); name a folder that this user can write to and others cannot, with"
                      + " BackendConfig.cacheDirectory or the environment variable "
                      + CacheFolder.VARIABLE,
                  e));
    }
  }

  /**
   * Finds a plan, or has it built.
   *
   * @param progress is told on this thread what is being built, in short lines
   * @param cancelled ends the wait for a plan; so do an interrupt and the end of the JVM
   * @return to be closed once the engine is loaded
   * @throws dev.showo2.error.CancelledException if it was cancelled
   * @throws dev.showo2.error.ShowO2Exception if the plan cannot be built
   */
  public CachedPlan plan(
      EngineRequest request, Consumer<String> progress, BooleanSupplier cancelled) {
    String key = request.key();
    try {
      Optional<CachedPlan> there = folder.find(key);
      return there.isPresent() ? there.get() : build(request, key, progress, cancelled);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new BackendException(
                  "the engines in "
                      + folder.plans().path()
                      + " cannot be read ("
                      + NativeLoading.reason(e)
                      + "); delete the folder, or name another one with"
                      + " BackendConfig.cacheDirectory",
                  e));
    }
  }

  private CachedPlan build(
      EngineRequest request, String key, Consumer<String> progress, BooleanSupplier cancelled)
      throws IOException {
    Optional<CacheLocks.Held> free = folder.plans().tryBuilding(key);
    if (free.isEmpty()) {
      progress.accept("waiting for another builder of " + request.graph());
    }
    CacheLocks.Held building =
        free.isPresent() ? free.get() : folder.plans().building(key, cancelled);
    try (building) {
      Optional<CachedPlan> there = folder.find(key);
      return there.isPresent() ? there.get() : buildAlone(request, key, progress, cancelled);
    }
  }

  private CachedPlan buildAlone(
      EngineRequest request, String key, Consumer<String> progress, BooleanSupplier cancelled) {
    try (SealedFolder.BuildFolder work = folder.plans().createBuildFolder(key)) {
      return buildIn(work.path(), request, key, progress, cancelled);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> cannotWrite(request, e));
    }
  }

  private CachedPlan buildIn(
      Path work,
      EngineRequest request,
      String key,
      Consumer<String> progress,
      BooleanSupplier cancelled)
      throws IOException {
    PlanRequest plan =
        new PlanRequest(
            request.spec(),
            request.options(),
            request.device(),
            work.resolve("timings"),
            work.resolve("plan"));
    folder.readTimings(request.platform(), plan.timings());
    progress.accept("building an engine of " + request.graph());
    try (BuildProcess process = BuildProcess.start(request, work, plan)) {
      process.await(progress, cancelled);
    }
    CachedPlan built = folder.add(key, plan.plan());
    try {
      folder.addTimings(request.platform(), plan.timings());
      return built;
    } catch (IOException e) {
      // Later builds take longer; this one is done.
      return built;
    } catch (RuntimeException | Error e) {
      built.close();
      throw e;
    }
  }

  /** Names what a plan takes, which holds the weights of its graph, and what there is. */
  private BackendException cannotWrite(EngineRequest request, IOException e) {
    long needed = 0;
    for (String name : request.hashes().keySet()) {
      needed += size(request.spec().graph().resolveSibling(name));
    }
    String free;
    try {
      free = Files.getFileStore(folder.plans().path()).getUsableSpace() + " bytes are free there";
    } catch (IOException unknown) {
      free = "the free space is unknown";
    }
    return new BackendException(
        "no engine of "
            + request.graph()
            + " can be written to "
            + folder.plans().path()
            + " ("
            + NativeLoading.reason(e)
            + "); about "
            + needed
            + " bytes are needed, "
            + free
            + "; make room there, or name another folder with BackendConfig.cacheDirectory",
        e);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Gives up the folder; plans that are open stay so. A second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      folder.close();
    }
  }
}
