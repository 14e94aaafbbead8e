package dev.showo2.conformance.wrapper;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One call of a backend: first what the caller brings is checked, then the backend runs, then what
 * it gives is checked. What a call gives is closed again unless {@link #done} is reached.
 */
final class Call implements AutoCloseable {

  /** A size that may be any from 1. */
  static final long ANY = -1;

  private final Watch watch;
  private final String name;
  private final List<Handle> used = new ArrayList<>();
  private final List<Handle> opened = new ArrayList<>();
  private AutoCloseable given;

  Call(Watch watch, String name) {
    this.watch = watch;
    this.name = name;
  }

  /**
   * @throws AssertionError if the caller does not keep it
   */
  void callerOwes(boolean holds, String expected, Object found) {
    Side.CALLER.owes(holds, name, expected, found);
  }

  /**
   * @throws AssertionError if the backend does not keep it
   */
  void backendOwes(boolean holds, String expected, Object found) {
    Side.BACKEND.owes(holds, name, expected, found);
  }

  void requirePresent(String what, Object argument) {
    callerOwes(argument != null, what, null);
  }

  /** Uses a handle until the call is over; what a call uses twice it enters once. */
  void use(Handle handle) {
    if (!used.contains(handle)) {
      handle.enter(name);
      used.add(handle);
    }
  }

  /**
   * Uses a tensor that the caller brings.
   *
   * @param what names it in messages
   * @param expected its shape, with {@link #ANY} where any size will do
   */
  AssertingTensor tensor(String what, Tensor tensor, long... expected) {
    requirePresent(what, tensor);
    boolean own = tensor instanceof AssertingTensor candidate && candidate.belongsTo(watch);
    callerOwes(own, what + ": a tensor of this backend", tensor);
    AssertingTensor checked = (AssertingTensor) tensor;
    use(checked.handle());
    callerOwes(
        fits(expected, checked.known()), what + " of shape " + describe(expected), checked.known());
    return checked;
  }

  /** Uses a cache that the caller brings, of a stage's own. */
  AssertingCache cache(KvCache cache, Stage stage) {
    boolean own =
        cache instanceof AssertingCache candidate
            && candidate.handle().handles() == watch.handles();
    callerOwes(own, "a cache of this backend", cache);
    AssertingCache checked = (AssertingCache) cache;
    callerOwes(
        checked.stage() == stage,
        "a cache of the stage " + stage.id(),
        "one of " + checked.stage().id());
    use(checked.handle());
    return checked;
  }

  /** Lets the backend run, which then owes a result. */
  <T extends AutoCloseable> T run(Supplier<T> real) {
    T result = runAny(real);
    given = result;
    backendOwes(result != null, "a result", null);
    return result;
  }

  /** Lets the backend run, which then owes as many results. */
  <T extends AutoCloseable> List<T> runAll(int count, Supplier<List<T>> real) {
    List<T> results = runAny(real);
    given = results == null ? null : () -> closeAll(results);
    backendOwes(
        results != null && results.size() == count,
        count + " results",
        results == null ? null : results.size());
    return results;
  }

  private static void closeAll(List<? extends AutoCloseable> results) throws Exception {
    try (Closer closer = new Closer()) {
      results.forEach(closer::add);
    }
  }

  /** Lets the backend run; its result, if any, needs no closing. */
  <T> T runAny(Supplier<T> real) {
    try {
      return real.get();
    } catch (RuntimeException | Error e) {
      throw Failures.allowed(name, e);
    }
  }

  /**
   * Lets the backend run a feature that it need not have; without it, it owes an {@link
   * UnsupportedFeatureException}.
   */
  <T extends AutoCloseable> T runIf(Stage feature, Supplier<T> real) {
    T result = run(real);
    backendOwes(
        watch.supports(feature),
        "an UnsupportedFeatureException, without " + feature.id() + " in the capabilities,",
        "a result");
    return result;
  }

  /** Wraps a tensor that the backend gave. */
  AssertingTensor given(String what, Tensor tensor, long... expected) {
    backendOwes(tensor != null, what, null);
    Shape shape = runAny(tensor::shape);
    backendOwes(
        shape != null && fits(expected, shape), what + " of shape " + describe(expected), shape);
    return new AssertingTensor(watch, tensor, shape, opened(tensor, "tensor " + shape, true));
  }

  /** Notes what the backend gave. */
  Handle opened(AutoCloseable real, String description, boolean shared) {
    Handle handle = new Handle(real, description, shared, name, watch.handles());
    backendOwes(
        watch.handles().add(handle), "another object each time", "one that is still open: " + real);
    opened.add(handle);
    return handle;
  }

  /** The result is valid and goes to the caller. */
  <T> T done(T result) {
    given = null;
    opened.clear();
    return result;
  }

  @Override
  public void close() {
    used.forEach(Handle::leave);
    opened.forEach(watch.handles()::remove);
    if (given != null) {
      try {
        given.close();
      } catch (Exception e) {
        throw Failures.unexpected(name, "a result whose close throws nothing", e);
      }
    }
  }

  /**
   * @param expected sizes, with {@link #ANY} where any from 1 will do
   */
  private static boolean fits(long[] expected, Shape found) {
    if (found.rank() != expected.length) {
      return false;
    }
    for (int axis = 0; axis < expected.length; axis++) {
      long size = found.dimension(axis);
      if (expected[axis] == ANY ? size < 1 : size != expected[axis]) {
        return false;
      }
    }
    return true;
  }

  /** Such as {@code [1, any, 64]}. */
  private static String describe(long[] expected) {
    return Arrays.stream(expected)
        .mapToObj(size -> size == ANY ? "any" : Long.toString(size))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
