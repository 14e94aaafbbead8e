package dev.showo2.backend.djl;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.JniUtils;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.EngineFailures;
import java.util.function.Supplier;

/** The way of all calls to PyTorch: without gradients, and with the exceptions of the SDK. */
final class DjlCalls {

  private static final EngineFailures FAILURES =
      new EngineFailures(
          "PyTorch",
          EngineFailures.messageContains(
              "can't allocate memory", "not enough memory", "out of memory", "bad_alloc"),
          "free some, or ask for a smaller image");

  private DjlCalls() {}

  /**
   * @param stage that is run, for messages
   */
  static <T> T run(BackendLifetime lifetime, String stage, Supplier<T> call) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return call.get();
    } catch (EngineException e) {
      throw FAILURES.during(lifetime, stage, e);
    } finally {
      JniUtils.setGradMode(before);
    }
  }
}
