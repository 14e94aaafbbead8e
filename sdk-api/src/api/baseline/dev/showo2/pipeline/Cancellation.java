package dev.showo2.pipeline;

public final class Cancellation {
  public Cancellation() { super(); throw null; }
  public void cancel() { throw null; }
  public boolean isCancelled() { throw null; }
  public GenerationListener wrap(GenerationListener listener) { throw null; }
}
