package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * A switch that ends requests from another thread.
 *
 * <pre>{@code
 * Cancellation cancellation = new Cancellation();
 * button.onClick(cancellation::cancel);
 * images.generate(request, cancellation.wrap(listener));
 * }</pre>
 *
 * <p>A cancelled request throws a {@link dev.showo2.error.CancelledException} before its next step
 * or token and keeps no memory. Thread-safe; once cancelled it stays so, for all requests that it
 * was given to.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Cancellation {

  private volatile boolean cancelled;

  /** Makes a switch that is off. */
  public Cancellation() {}

  /** Ends the requests; a second call does nothing. */
  public void cancel() {
    cancelled = true;
  }

  /**
   * Tells whether {@link #cancel} has been called.
   *
   * @return whether requests end
   */
  /** {@return whether {@link #cancel} was called} */
  public boolean isCancelled() {
    return cancelled;
  }

  /**
   * Wraps a listener so that its requests end when this is cancelled.
   *
   * @param listener receives every callback; its own {@link GenerationListener#cancelled()} ends
   *     requests too
   * @return a listener for any number of requests
   */
  public GenerationListener wrap(GenerationListener listener) {
    return new ForwardingGenerationListener(listener) {
      @Override
      public boolean cancelled() {
        return cancelled || super.cancelled();
      }
    };
  }
}
