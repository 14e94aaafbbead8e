package dev.showo2.conformance.wrapper;

import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the calls of a backend and all that it hands out, and asks a plan around each of them. All
 * interfaces of the SPI are treated alike, so they are behind proxies.
 */
final class FaultyCalls {

  /** What only tells a size, or closes. */
  private static final Set<String> UNCOUNTED =
      Set.of("shape", "elementType", "length", "batch", "close");

  private final FaultPlan plan;
  private final AtomicInteger count = new AtomicInteger();

  FaultyCalls(FaultPlan plan) {
    this.plan = plan;
  }

  int count() {
    return count.get();
  }

  /**
   * @param type of the SPI
   * @param real does the work, where the plan lets it
   */
  <T> T around(Class<T> type, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            FaultyCalls.class.getClassLoader(),
            new Class<?>[] {type},
            new FaultyObject(this, real)));
  }

  /** Makes a call with arguments that the real object knows; what it gives is not yet wrapped. */
  Object call(Object real, Method method, Object[] arguments) throws Throwable {
    if (!counted(method)) {
      return invoke(real, method, arguments);
    }
    int number = count.getAndIncrement();
    String name = method.getDeclaringClass().getSimpleName() + "." + method.getName();
    plan.ask(Moment.BEFORE, number, name);
    Object result = invoke(real, method, arguments);
    try {
      plan.ask(Moment.AFTER, number, name);
      return result;
    } catch (Throwable e) {
      if (result instanceof AutoCloseable resource) {
        Closer.closeAfter(e, resource);
      } else if (result instanceof List<?> resources) {
        resources.forEach(resource -> Closer.closeAfter(e, (AutoCloseable) resource));
      }
      throw e;
    }
  }

  private static boolean counted(Method method) {
    return method.getDeclaringClass() == Backend.class
        ? method.getName().equals("upload")
        : !UNCOUNTED.contains(method.getName());
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
