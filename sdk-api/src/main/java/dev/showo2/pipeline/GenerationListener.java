package dev.showo2.pipeline;

import java.time.Duration;
import org.apiguardian.api.API;

/**
 * Callbacks of a request, one contract for all pipelines: progress, and whether to go on.
 *
 * <p>{@link #started} comes once the request is known to be valid, then in turn what the task
 * brings, and {@link #finished} last; a request that fails or is cancelled ends with its exception
 * instead. All methods are called on the thread that runs the request and should return quickly. An
 * exception that they throw ends the request and reaches the caller. A listener that is used for
 * several requests at once has to be thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface GenerationListener {

  /** A listener that does nothing and never cancels. */
  GenerationListener NONE = new GenerationListener() {};

  /**
   * Called when model work begins.
   *
   * @param task the kind of request
   */
  default void started(Task task) {}

  /**
   * Called with the noise of an image or video and after each solver step.
   *
   * @param step time, latents and estimates
   */
  default void step(DenoisingStep step) {}

  /**
   * Called with a preview of an image or video, where {@link #previewEvery} asks for it.
   *
   * @param preview made of the latents that the flow is heading for, by a fixed linear map
   */
  default void preview(Preview preview) {}

  /**
   * Called with each token of a text.
   *
   * @param token id and text
   */
  default void token(GeneratedToken token) {}

  /**
   * Called with each decoded image: the only one of its request, or one of a list or a story.
   *
   * @param image pixels and latents
   */
  default void image(FinishedImage image) {}

  /**
   * Called when the request has succeeded.
   *
   * @param task the kind of request
   * @param elapsed time since it started
   */
  default void finished(Task task, Duration elapsed) {}

  /**
   * Asks for previews; they cost little time, and one pass of the VAE for the first of a model.
   *
   * @return solver steps from one preview to the next; 0, the default, for none
   */
  default int previewEvery() {
    return 0;
  }

  /**
   * Asks whether to end the request with a {@link dev.showo2.error.CancelledException}: before each
   * evaluation of the model, each token and each decoding. An interrupt of the thread ends it too.
   * To end a request from another thread, see {@link Cancellation}.
   *
   * @return false, the default, to go on
   */
  default boolean cancelled() {
    return false;
  }
}
