package dev.showo2.pipeline;

public abstract class ForwardingGenerationListener implements GenerationListener {
  protected final GenerationListener delegate = null;
  protected ForwardingGenerationListener(GenerationListener delegate) { super(); throw null; }
  public void started(Task task) { throw null; }
  public void step(DenoisingStep step) { throw null; }
  public void preview(Preview preview) { throw null; }
  public void token(GeneratedToken token) { throw null; }
  public void image(FinishedImage image) { throw null; }
  public void finished(Task task, java.time.Duration elapsed) { throw null; }
  public int previewEvery() { throw null; }
  public boolean cancelled() { throw null; }
}
