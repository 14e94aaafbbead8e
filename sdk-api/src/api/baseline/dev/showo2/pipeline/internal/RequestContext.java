package dev.showo2.pipeline.internal;

public record RequestContext(dev.showo2.pipeline.GenerationListener listener) {
  public static <T> T of(dev.showo2.pipeline.Task task, dev.showo2.pipeline.GenerationListener listener, java.util.function.Function<RequestContext, T> work) { throw null; }
  public void check() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
