package dev.showo2.natives.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apiguardian.api.API;

/**
 * System properties for the duration of a call. Some libraries can be told nothing in another way,
 * and the SDK must not leave global properties behind. A property that the user has set keeps its
 * value.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TemporaryProperties {

  private TemporaryProperties() {}

  /**
   * Runs a call. Concurrent ones wait, since they would take each other's settings for the user's.
   *
   * @param <T> type of the result
   * @param values of the properties where they are not set
   * @param call what is run
   * @return what it returns
   * @throws Exception that it throws
   */
  public static <T> T call(Map<String, String> values, Callable<T> call) throws Exception {
    synchronized (NativeLoading.LOCK) {
      Properties properties = System.getProperties();
      Map<String, String> ours = new LinkedHashMap<>();
      try {
        values.forEach(
            (name, value) -> {
              if (properties.putIfAbsent(name, value) == null) {
                ours.put(name, value);
              }
            });
        return call.call();
      } finally {
        // With its value, so that one which the user has changed meanwhile stays.
        ours.forEach(properties::remove);
      }
    }
  }

  /**
   * Removes properties that a call leaves behind.
   *
   * @param <T> type of the result
   * @param names of properties that nothing reads after the call
   * @param call what is run
   * @return what it returns
   * @throws Exception that it throws
   */
  public static <T> T without(Iterable<String> names, Callable<T> call) throws Exception {
    synchronized (NativeLoading.LOCK) {
      Properties properties = System.getProperties();
      Map<String, Object> before = new LinkedHashMap<>();
      names.forEach(name -> before.put(name, properties.get(name)));
      try {
        return call.call();
      } finally {
        before.forEach(
            (name, value) -> {
              if (value == null) {
                properties.remove(name);
              }
            });
      }
    }
  }
}
