package dev.showo2.error.internal;

import dev.showo2.error.InsufficientMemoryException;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/** Translates the JVM's lack of memory where a size comes from the user's files and requests. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class HeapLimit {

  private HeapLimit() {}

  /**
   * Runs a call that may need more memory than there is.
   *
   * @param <T> type of the result
   * @param activity what the call does, such as "reading image.png"; begins the message
   * @param call what is run
   * @return what the call returns
   * @throws InsufficientMemoryException if the call throws {@link OutOfMemoryError}
   */
  public static <T> T guard(String activity, Supplier<T> call) {
    try {
      return call.get();
    } catch (OutOfMemoryError e) {
      throw exceeded(activity, e);
    }
  }

  /**
   * Translates an error, for calls that throw checked exceptions too.
   *
   * @param activity as in {@link #guard}
   * @param error becomes the cause
   * @return the exception to throw
   */
  public static InsufficientMemoryException exceeded(String activity, OutOfMemoryError error) {
    String found = String.valueOf(error.getMessage());
    return new InsufficientMemoryException(activity + reason(found), error);
  }

  /** The heap is not all that there may be too little of. */
  private static String reason(String found) {
    if (found.startsWith("unable to create")) {
      return " needs a thread that the system does not create ("
          + found
          + "): raise the limit of threads of the user or container (ulimit -u, pids), or leave it"
          + " more memory outside of the JVM's heap";
    }
    String reason = " takes more memory than the JVM may use (" + found + "); ";
    if (found.contains("exceeds VM limit")) {
      return reason + "no heap has room for an array of that size: ask for something smaller";
    }
    return reason
        + "its heap may grow to "
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB: give it more with -Xmx, or ask for something smaller";
  }
}
