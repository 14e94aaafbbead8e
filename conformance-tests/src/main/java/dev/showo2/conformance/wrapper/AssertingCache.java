package dev.showo2.conformance.wrapper;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.spi.support.ForwardingKvCache;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A cache that is as long as the calls that went into it say. */
final class AssertingCache extends ForwardingKvCache {

  private final Watch watch;
  private final Stage stage;
  private final int batch;
  private final Handle handle;
  private int length;

  private AssertingCache(
      Watch watch, KvCache real, Stage stage, int batch, int length, Handle handle) {
    super(real);
    this.watch = watch;
    this.stage = stage;
    this.batch = batch;
    this.length = length;
    this.handle = handle;
  }

  /** An empty cache from a stage. */
  static KvCache open(
      Watch watch,
      Stage stage,
      String name,
      CacheRequest request,
      Function<CacheRequest, KvCache> opener) {
    try (Call call = watch.begin(name)) {
      call.requirePresent("request", request);
      call.callerOwes(request.batch() >= 1, "a batch from 1", request.batch());
      KvCache cache = call.run(() -> opener.apply(request));
      return opened(call, watch, cache, stage, request.batch(), 0);
    }
  }

  private static KvCache opened(
      Call call, Watch watch, KvCache real, Stage stage, int batch, int length) {
    String description = "cache of " + batch + " sequences of " + stage.id();
    AssertingCache cache =
        new AssertingCache(
            watch, real, stage, batch, length, call.opened(real, description, false));
    cache.requireSize(call);
    return call.done(cache);
  }

  KvCache real() {
    return delegate;
  }

  Handle handle() {
    return handle;
  }

  /** The stage that made it. */
  Stage stage() {
    return stage;
  }

  /** Its length, as the calls that went into it say. */
  int positions() {
    return length;
  }

  /** Its batch, as the caller asked for it. */
  long sequences() {
    return batch;
  }

  /**
   * Lets the backend append a segment.
   *
   * @param run the backend's work, within the call
   */
  <T> T grow(Call call, long positions, Supplier<T> run) {
    try {
      T result = run.get();
      length = Math.toIntExact(length + positions);
      requireSize(call);
      return result;
    } catch (InsufficientMemoryException e) {
      // It leaves nothing of itself behind.
      requireSize(call);
      throw e;
    } catch (RuntimeException e) {
      // Nobody promised how much of the segment is in there.
      length = delegate.length();
      throw e;
    }
  }

  /** Lets the backend do what leaves the cache as it was. */
  <T> T keep(Call call, Supplier<T> run) {
    return grow(call, 0, run);
  }

  /** Lets the backend do what leaves several caches as they were. */
  static <T> T keepAll(Call call, List<AssertingCache> caches, Supplier<T> run) {
    Supplier<T> checked = run;
    for (AssertingCache cache : caches) {
      Supplier<T> inner = checked;
      checked = () -> cache.keep(call, inner);
    }
    return checked.get();
  }

  private void requireSize(Call call) {
    int foundLength = call.runAny(delegate::length);
    call.backendOwes(foundLength == length, "a cache of length " + length, "length " + foundLength);
    int foundBatch = call.runAny(delegate::batch);
    call.backendOwes(foundBatch == batch, "a cache of batch " + batch, "batch " + foundBatch);
  }

  @Override
  public int length() {
    return asked("KvCache.length", () -> length);
  }

  @Override
  public int batch() {
    return asked("KvCache.batch", () -> batch);
  }

  private int asked(String name, Supplier<Integer> answer) {
    try (Call call = watch.begin(name)) {
      call.use(handle);
      requireSize(call);
      return answer.get();
    }
  }

  @Override
  public KvCache fork() {
    try (Call call = watch.begin("KvCache.fork")) {
      call.use(handle);
      KvCache fork = keep(call, () -> call.run(delegate::fork));
      return opened(call, watch, fork, stage, batch, length);
    }
  }

  @Override
  public void truncate(int newLength) {
    try (Call call = watch.begin("KvCache.truncate")) {
      call.use(handle);
      call.callerOwes(
          newLength >= 0 && newLength <= length, "a length from 0 to " + length, newLength);
      grow(
          call,
          newLength - length,
          () ->
              call.runAny(
                  () -> {
                    delegate.truncate(newLength);
                    return null;
                  }));
    }
  }

  @Override
  public void close() {
    handle.close("KvCache.close");
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
