package dev.showo2.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;

/**
 * Runs a call into DJL without letting it use the network.
 *
 * <p>Whenever a tokenizer is created DJL reports the use of its library to its makers, and when it
 * loads the native library on a machine with CUDA it may download another build of it. Both can be
 * switched off only by system properties (or environment variables). A library inside someone
 * else's program must not leave global properties behind, so they are set for the duration of the
 * call alone. A property that the user has set, to whatever value, is left as it is; environment
 * variables take precedence over properties within DJL itself.
 */
final class QuietDjl {

  private static final List<String> SWITCHES = List.of("ai.djl.offline", "OPT_OUT_TRACKING");

  // Two calls at once would take each other's settings for the user's.
  private static final Object LOCK = new Object();

  private QuietDjl() {}

  static <T> T call(Callable<T> call) throws Exception {
    synchronized (LOCK) {
      Properties properties = System.getProperties();
      List<String> ours = new ArrayList<>();
      try {
        for (String name : SWITCHES) {
          if (properties.putIfAbsent(name, "true") == null) {
            ours.add(name);
          }
        }
        return call.call();
      } finally {
        // With its value, so that one which the user has changed meanwhile stays.
        ours.forEach(name -> properties.remove(name, "true"));
      }
    }
  }
}
