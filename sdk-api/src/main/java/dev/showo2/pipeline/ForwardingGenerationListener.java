package dev.showo2.pipeline;

import java.time.Duration;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A listener that forwards every callback and every question to another listener. Decorators
 * override what they add. Thread-safe if its delegate is.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public abstract class ForwardingGenerationListener implements GenerationListener {

  /** The listener that callbacks are forwarded to. */
  protected final GenerationListener delegate;

  /**
   * Forwards to a listener.
   *
   * @param delegate receives every callback that is not overridden
   */
  protected ForwardingGenerationListener(GenerationListener delegate) {
    this.delegate = Objects.requireNonNull(delegate, "listener");
  }

  @Override
  public void started(Task task) {
    delegate.started(task);
  }

  @Override
  public void step(DenoisingStep step) {
    delegate.step(step);
  }

  @Override
  public void preview(Preview preview) {
    delegate.preview(preview);
  }

  @Override
  public void token(GeneratedToken token) {
    delegate.token(token);
  }

  @Override
  public void image(FinishedImage image) {
    delegate.image(image);
  }

  @Override
  public void finished(Task task, Duration elapsed) {
    delegate.finished(task, elapsed);
  }

  @Override
  public int previewEvery() {
    return delegate.previewEvery();
  }

  @Override
  public boolean cancelled() {
    return delegate.cancelled();
  }
}
