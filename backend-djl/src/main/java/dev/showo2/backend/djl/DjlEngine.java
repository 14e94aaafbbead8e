package dev.showo2.backend.djl;

import ai.djl.engine.Engine;
import dev.showo2.error.BackendException;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.natives.internal.TemporaryProperties;
import dev.showo2.spi.support.BackendLifetime;
import java.util.Map;

/** The one PyTorch engine that DJL has per process; it lives as long as the process. */
final class DjlEngine {

  private DjlEngine() {}

  /**
   * Loads the native libraries on first use.
   *
   * @throws BackendException if they cannot be loaded
   * @throws dev.showo2.error.CancelledException if the JVM is shutting down
   */
  static Engine get() {
    return BackendLifetime.loading(DjlEngine::load);
  }

  private static Engine load() {
    try {
      return TemporaryProperties.call(
          Map.of("ai.djl.offline", "true"), () -> Engine.getEngine("PyTorch"));
    } catch (Exception | LinkageError e) {
      throw new BackendException(
          "the native libraries of ai.djl.pytorch:pytorch-native-cpu cannot be loaded: "
              + NativeLoading.reason(e),
          e);
    }
  }
}
