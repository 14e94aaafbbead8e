package dev.showo2.backend.djl;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.spi.support.BackendLifetime;
import java.util.Locale;

/** The one PyTorch engine that DJL has per process; it lives as long as the process. */
final class DjlEngine {

  /** The name by which DJL knows it. */
  static final String NAME = "PyTorch";

  /** A loaded engine, and the number of threads that it chose for itself. */
  private record Loaded(Engine engine, int threads) {}

  private static volatile Loaded loaded;

  private DjlEngine() {}

  /**
   * Loads the native libraries on first use.
   *
   * @throws BackendException if they cannot be loaded
   * @throws dev.showo2.error.CancelledException if the JVM is shutting down
   */
  static Engine get() {
    return loaded().engine();
  }

  /**
   * The number of threads that PyTorch uses if it is told none: by its own choice one for each core
   * of the machine.
   */
  static int threads() {
    return loaded().threads();
  }

  private static Loaded loaded() {
    Loaded known = loaded;
    return known == null ? BackendLifetime.loading(DjlEngine::load) : known;
  }

  private static Loaded load() {
    try {
      Engine engine = DjlLibrary.load();
      loaded = new Loaded(engine, JniUtils.getNumThreads());
      return loaded;
    } catch (ShowO2Exception e) {
      throw e;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "the native libraries of PyTorch cannot be loaded by DJL on %s %s: %s",
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              NativeLoading.reason(e)),
          e);
    }
  }
}
