package dev.showo2.backend.tensorrt.internal.engines;

import dev.showo2.spi.BackendConfig;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** Plans on disk, each built once. Thread-safe, also among processes. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class EngineCache implements AutoCloseable {

  /**
   * The folder of plans: {@code tensorrt} in the configured one, else in this user's cache folder.
   *
   * @throws dev.showo2.error.BackendException if this user has no home
   */
  public static Path directory(BackendConfig config) {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a cache, creates its folder if there is none, and deletes what killed builders left.
   *
   * @param limitBytes of all plans; those that were used least recently are deleted
   * @throws dev.showo2.error.BackendException if the folder cannot be written to
   */
  public static EngineCache open(Path directory, long limitBytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Finds a plan, or has it built by a process of its own.
   *
   * @param progress is told on this thread what is being built, in short lines
   * @param cancelled ends the wait for a plan; so does an interrupt
   * @return to be closed once the engine is loaded
   * @throws dev.showo2.error.CancelledException if it was cancelled
   * @throws dev.showo2.error.ShowO2Exception if the plan cannot be built
   */
  public CachedPlan plan(
      EngineRequest request, Consumer<String> progress, BooleanSupplier cancelled) {
    throw new UnsupportedOperationException();
  }

  /** Gives up locks; plans that are open stay so. */
  @Override
  public void close() {}
}
