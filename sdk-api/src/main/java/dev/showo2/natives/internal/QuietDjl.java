package dev.showo2.natives.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apiguardian.api.API;

/**
 * Calls into DJL that leave nothing behind and do not use the network. DJL reports its use to its
 * authors and downloads what it misses. Both can be switched off only by system properties or
 * environment variables; the latter take precedence within DJL itself.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class QuietDjl {

  /** Where JNA unpacks its library: it has no other place to try if its own does not do. */
  public static final String JNA_FOLDER = "jna.tmpdir";

  /** The last one keeps SLF4J from printing that the program has no logger, for DJL's sake. */
  private static final Map<String, String> QUIET =
      Map.of(
          "ai.djl.offline", "true",
          "OPT_OUT_TRACKING", "true",
          "slf4j.internal.verbosity", "ERROR");

  /** Left by JNA, through which DJL looks for GPUs; once it is loaded it reads none of them. */
  private static final List<String> LEFT_BY_JNA =
      List.of("jna.loaded", "jnidispatch.path", "jna.platform.library.path");

  private QuietDjl() {}

  /**
   * Runs a call. Concurrent ones wait.
   *
   * @param <T> type of the result
   * @param context the context class loader during the call, with which DJL looks for resources;
   *     null for that of DJL's own classes
   * @param call what is run
   * @return what it returns
   * @throws Exception that it throws
   */
  public static <T> T call(ClassLoader context, Callable<T> call) throws Exception {
    return TemporaryProperties.without(
        LEFT_BY_JNA,
        () -> TemporaryProperties.call(QUIET, () -> withContextClassLoader(context, call)));
  }

  private static <T> T withContextClassLoader(ClassLoader context, Callable<T> call)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context);
    try {
      return call.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
