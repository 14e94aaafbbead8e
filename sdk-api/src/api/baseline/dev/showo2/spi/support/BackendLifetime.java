package dev.showo2.spi.support;

public final class BackendLifetime {
  public BackendLifetime(String backend) { super(); throw null; }
  public BackendLifetime(String backend, java.time.Duration shutdownGrace) { super(); throw null; }
  public static <T> T loading(java.util.function.Supplier<T> load) { throw null; }
  public String backend() { throw null; }
  public <T> T call(java.util.function.Supplier<T> call) { throw null; }
  public void run(Runnable call) { throw null; }
  public void close(Runnable release) { throw null; }
  public void onCancel(Runnable action) { throw null; }
  public boolean isCancelled() { throw null; }
  public void resourceOpened() { throw null; }
  public void resourceClosed() { throw null; }
  public long openResources() { throw null; }
}
