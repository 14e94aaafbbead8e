package dev.showo2.pipeline;

import java.util.Locale;
import org.apiguardian.api.API;

/** Kind of a request. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Task {
  /** An image from a prompt. */
  TEXT_TO_IMAGE,
  /** A changed image: image to image, inpainting or outpainting. */
  IMAGE_TO_IMAGE,
  /** A video from a prompt. */
  TEXT_TO_VIDEO,
  /** A video that begins with an image. */
  IMAGE_TO_VIDEO,
  /** A question on images. */
  IMAGE_UNDERSTANDING,
  /** A question on a video. */
  VIDEO_UNDERSTANDING,
  /** A story in text and images. */
  STORY,
  /** A question in a conversation that began without images. */
  CHAT,
  /** Several images of a prompt, ranked by the model. */
  BEST_OF;

  /** {@return the task in words, such as {@code text to image}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
