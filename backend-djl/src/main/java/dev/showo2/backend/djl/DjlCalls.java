package dev.showo2.backend.djl;

import ai.djl.engine.EngineException;
import dev.showo2.error.BackendException;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.EngineFailures;
import java.util.function.Supplier;

/**
 * The way of all calls of one backend to PyTorch: in a state of the thread that is the backend's
 * own, and with the exceptions of the SDK.
 *
 * @param lifetime of the backend
 * @param threads that PyTorch uses for one call
 */
record DjlCalls(BackendLifetime lifetime, int threads) {

  private static final EngineFailures FAILURES =
      new EngineFailures(
          "PyTorch",
          EngineFailures.messageContains(
              "can't allocate memory",
              "not enough memory",
              "out of memory",
              "bad_alloc",
              "alloc_failed"),
          "free some, or ask for a smaller image");

  /**
   * @param activity begins messages, such as "stage fusion"
   */
  <T> T run(String activity, Supplier<T> call) {
    try {
      return TorchThread.call(threads, call);
    } catch (EngineException e) {
      throw FAILURES.during(lifetime, activity, e);
    } catch (OutOfMemoryError e) {
      throw EngineFailures.outOfMemory(activity, e);
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      // What fails so fails for as long as the process lives.
      throw new BackendException(
          activity + ": a class cannot be loaded; start the process anew (" + e + ")", e);
    }
  }
}
