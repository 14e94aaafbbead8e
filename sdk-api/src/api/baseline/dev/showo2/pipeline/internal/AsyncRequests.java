package dev.showo2.pipeline.internal;

public final class AsyncRequests implements AutoCloseable {
  AsyncRequests() { super(); throw null; }
  public static AsyncRequests on(java.util.concurrent.Executor executor) { throw null; }
  public static AsyncRequests onOwnThread() { throw null; }
  public <T> java.util.concurrent.CompletableFuture<T> start(dev.showo2.pipeline.GenerationListener listener, java.util.function.Function<dev.showo2.pipeline.GenerationListener, T> call) { throw null; }
  public void close() { throw null; }
}
