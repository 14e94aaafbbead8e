package dev.showo2.pipeline;

import java.util.Locale;
import org.apiguardian.api.API;

/** What a request asks of the model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Task {
  TEXT_TO_IMAGE,
  IMAGE_TO_IMAGE,
  TEXT_TO_VIDEO,
  IMAGE_TO_VIDEO,
  IMAGE_UNDERSTANDING,
  VIDEO_UNDERSTANDING,
  STORY,
  CHAT,
  /** ImageArguments that are drawn and then judged by the model. */
  BEST_OF;

  /** In words, such as {@code text to image}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
