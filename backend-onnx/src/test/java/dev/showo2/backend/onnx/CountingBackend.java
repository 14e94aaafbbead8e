package dev.showo2.backend.onnx;

import dev.showo2.spi.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts how often each stage of a backend is asked for. */
final class CountingBackend {

  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Backend backend;

  CountingBackend(Backend counted) {
    backend =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> {
                  counts.merge(method.getName(), 1, Integer::sum);
                  try {
                    return method.invoke(counted, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
  }

  Backend backend() {
    return backend;
  }

  /**
   * @param accessor such as {@code vaeEncoder}
   */
  int count(String accessor) {
    return counts.getOrDefault(accessor, 0);
  }
}
