package dev.showo2.pipeline;

public interface GenerationListener {
  public static final GenerationListener NONE = null;
  public default void started(Task task) { throw null; }
  public default void step(DenoisingStep step) { throw null; }
  public default void preview(Preview preview) { throw null; }
  public default void token(GeneratedToken token) { throw null; }
  public default void image(FinishedImage image) { throw null; }
  public default void finished(Task task, java.time.Duration elapsed) { throw null; }
  public default int previewEvery() { throw null; }
  public default boolean cancelled() { throw null; }
}
