package dev.showo2.spi.support;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.error.internal.JvmShutdown;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * Translates failures of an engine and of the JVM into the exceptions of the SDK: a lack of memory
 * becomes {@link InsufficientMemoryException} with advice, anything else {@link BackendException}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class EngineFailures {

  private final String engine;
  private final Predicate<Exception> outOfMemory;
  private final String advice;

  /**
   * Describes the failures of one engine.
   *
   * @param engine name for people, such as "ONNX Runtime"
   * @param outOfMemory recognizes exceptions by which the engine reports a lack of memory
   * @param advice what users can do about that lack, such as "ask for a smaller image"
   */
  public EngineFailures(String engine, Predicate<Exception> outOfMemory, String advice) {
    this.engine = Objects.requireNonNull(engine, "engine");
    this.outOfMemory = Objects.requireNonNull(outOfMemory, "outOfMemory");
    this.advice = Objects.requireNonNull(advice, "advice");
  }

  /**
   * Recognizes exceptions by their message, ignoring case.
   *
   * @param parts lower-case texts, one of which such a message contains
   * @return a predicate for the constructor
   */
  public static Predicate<Exception> messageContains(String... parts) {
    String[] copy = parts.clone();
    return failure -> {
      String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
      for (String part : copy) {
        if (message.contains(part)) {
          return true;
        }
      }
      return false;
    };
  }

  /**
   * Translates an exception of the engine.
   *
   * @param activity what failed, such as "stage fusion"; begins the message
   * @param failure the engine's exception, which becomes the cause
   * @return the exception to throw
   */
  public ShowO2Exception during(String activity, Exception failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    if (outOfMemory.test(failure)) {
      return new InsufficientMemoryException(
          activity + ": " + engine + " could not allocate memory (" + message + "); " + advice,
          failure);
    }
    return new BackendException(activity + ": " + engine + " failed: " + message, failure);
  }

  /**
   * Translates an exception of the engine in a call of a backend.
   *
   * @param lifetime of the backend
   * @param activity what failed, such as "stage fusion"; begins the message
   * @param failure the engine's exception, which becomes the cause
   * @return the exception to throw: {@link dev.showo2.error.CancelledException} if the call was
   *     ended because the JVM is shutting down, else as {@link #during(String, Exception)}
   */
  public ShowO2Exception during(BackendLifetime lifetime, String activity, Exception failure) {
    return lifetime.isCancelled() ? JvmShutdown.cancelled(failure) : during(activity, failure);
  }

  /**
   * Translates an error of the JVM, which has no room in its heap or in the memory outside it that
   * direct buffers take.
   *
   * @param subject what needs the memory, such as "a tensor of shape [1, 8], 4 MiB"
   * @param error becomes the cause
   * @return the exception to throw
   */
  public static InsufficientMemoryException outOfMemory(String subject, OutOfMemoryError error) {
    String message = String.valueOf(error.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("direct buffer memory")) {
      return new InsufficientMemoryException(
          "the JVM may not have more buffers outside its heap for "
              + subject
              + " ("
              + message
              + "); allow it more with -XX:MaxDirectMemorySize",
          error);
    }
    return new InsufficientMemoryException(
        "the heap has no room for "
            + subject
            + " ("
            + message
            + "); it may grow to "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB, give it more with -Xmx",
        error);
  }
}
