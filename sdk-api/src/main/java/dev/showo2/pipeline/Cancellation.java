package dev.showo2.pipeline;

import java.time.Duration;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Ends requests from another thread.
 *
 * <pre>{@code
 * Cancellation cancellation = new Cancellation();
 * button.onClick(cancellation::cancel);
 * images.generate(request, cancellation.over(listener));
 * }</pre>
 *
 * <p>A cancelled request throws a {@link dev.showo2.error.CancelledException} before its next step
 * or token and keeps no memory. Thread-safe; once cancelled it stays so, for all requests that it
 * was given to.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Cancellation {

  private volatile boolean cancelled;

  /** Ends the requests; a second call does nothing. */
  public void cancel() {
    cancelled = true;
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** A listener that passes everything on, and ends its request when this is cancelled. */
  public GenerationListener over(GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    return new GenerationListener() {
      @Override
      public void started(Task task) {
        listener.started(task);
      }

      @Override
      public void step(DenoisingStep step) {
        listener.step(step);
      }

      @Override
      public void preview(Preview preview) {
        listener.preview(preview);
      }

      @Override
      public void token(GeneratedToken token) {
        listener.token(token);
      }

      @Override
      public void image(FinishedImage image) {
        listener.image(image);
      }

      @Override
      public void finished(Task task, Duration elapsed) {
        listener.finished(task, elapsed);
      }

      @Override
      public int previewEvery() {
        return listener.previewEvery();
      }

      @Override
      public boolean cancelled() {
        return cancelled || listener.cancelled();
      }
    };
  }
}
