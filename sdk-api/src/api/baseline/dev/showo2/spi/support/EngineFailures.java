package dev.showo2.spi.support;

public final class EngineFailures {
  public EngineFailures(String engine, java.util.function.Predicate<Exception> outOfMemory, String advice) { super(); throw null; }
  public static java.util.function.Predicate<Exception> messageContains(String... parts) { throw null; }
  public dev.showo2.error.ShowO2Exception during(String activity, Exception failure) { throw null; }
  public dev.showo2.error.ShowO2Exception during(BackendLifetime lifetime, String activity, Exception failure) { throw null; }
  public static dev.showo2.error.InsufficientMemoryException outOfMemory(String subject, OutOfMemoryError error) { throw null; }
}
