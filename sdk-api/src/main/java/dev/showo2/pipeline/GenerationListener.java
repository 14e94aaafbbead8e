package dev.showo2.pipeline;

import java.time.Duration;
import org.apiguardian.api.API;

/**
 * Is told how a request gets on, and asked whether it shall go on: one contract for all pipelines.
 *
 * <p>{@link #started} comes once the request is known to be in order, then in turn what the task
 * brings, and {@link #finished} last; a request that fails or is cancelled ends with its exception
 * instead. All methods are called on the thread that runs the request and should return quickly.
 * What they throw ends the request and reaches the caller.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface GenerationListener {

  /** For those who do not want to know. */
  GenerationListener NONE = new GenerationListener() {};

  /** Model work begins. */
  default void started(Task task) {}

  /** A step of an image or video is done. */
  default void step(DenoisingStep step) {}

  /**
   * How an image or video is going to look, read off the latents that it is on course for by a
   * fixed linear map; only where {@link #previewEvery} asks for it.
   */
  default void preview(Preview preview) {}

  /** A token of a text is there. */
  default void token(GeneratedToken token) {}

  /** An image is decoded: the only one of its request, or one of a list or a story. */
  default void image(FinishedImage image) {}

  /**
   * The request is done.
   *
   * @param elapsed since it started
   */
  default void finished(Task task, Duration elapsed) {}

  /** Previews are made after every so many steps; 0, the default, makes none. */
  default int previewEvery() {
    return 0;
  }

  /**
   * Whether the request shall end with a {@link dev.showo2.error.CancelledException}: asked before
   * each evaluation of the model, each token and each decoding. An interrupt of the thread ends it
   * too. To end a request from another thread, see {@link Cancellation}.
   */
  default boolean cancelled() {
    return false;
  }
}
