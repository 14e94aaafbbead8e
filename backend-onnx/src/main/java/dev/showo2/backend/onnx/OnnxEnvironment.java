package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.natives.internal.NativeLoading;
import dev.showo2.spi.support.BackendLifetime;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Locale;

/**
 * The one environment that ONNX Runtime has per process; it lives as long as the process.
 *
 * <p>ONNX Runtime 1.28 releases its environment in a shutdown hook, beside threads that compute,
 * which then crash (its issue 31352). The environment is counted by references, so a second one,
 * which nobody gives back, keeps it. The Java API has no way to take one; the private native method
 * behind {@code OrtEnvironment.getEnvironment} has.
 */
final class OnnxEnvironment {

  private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
  private static final String NAME = "showo2";

  private static boolean held;

  private OnnxEnvironment() {}

  /**
   * Loads the native library on first use.
   *
   * @throws BackendException if it cannot be loaded
   * @throws dev.showo2.error.CancelledException if the JVM is shutting down
   */
  static OrtEnvironment get() {
    return BackendLifetime.loading(OnnxEnvironment::load);
  }

  private static OrtEnvironment load() {
    try {
      OnnxLibrary.load();
      OrtEnvironment environment = environment();
      environment.setTelemetry(false);
      hold();
      return environment;
    } catch (ShowO2Exception e) {
      throw e;
    } catch (OrtException | RuntimeException | LinkageError e) {
      throw new BackendException(
          String.format(
              Locale.ROOT,
              "the native library of com.microsoft.onnxruntime:onnxruntime cannot be loaded on"
                  + " %s %s: %s",
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              NativeLoading.reason(e)),
          e);
    }
  }

  /**
   * ONNX Runtime's shutdown hook stays for as long as the JVM, and with it the context class loader
   * that it inherits: where a server shares ONNX Runtime between applications, that must not be one
   * of theirs.
   */
  private static OrtEnvironment environment() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(OrtEnvironment.class.getClassLoader());
    try {
      return OrtEnvironment.getEnvironment(LEVEL, NAME);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static synchronized void hold() {
    if (!held) {
      held = true;
      try {
        Field api =
            Class.forName("ai.onnxruntime.OnnxRuntime", true, OrtEnvironment.class.getClassLoader())
                .getDeclaredField("ortApiHandle");
        Method create =
            OrtEnvironment.class.getDeclaredMethod(
                "createHandle", long.class, int.class, String.class);
        api.setAccessible(true);
        create.setAccessible(true);
        create.invoke(null, api.getLong(null), LEVEL.getValue(), NAME);
      } catch (ReflectiveOperationException | RuntimeException e) {
        System.getLogger(OnnxEnvironment.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "this version of ONNX Runtime does not let its environment be held: if the JVM ends"
                    + " while a model works, the process may crash ("
                    + e
                    + ")");
      }
    }
  }
}
