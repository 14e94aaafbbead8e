package dev.showo2.pipeline;

import org.apiguardian.api.API;

/** A text or image of a story, in the order in which it is generated. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public sealed interface StoryPart {

  /**
   * A text before, between or after images.
   *
   * @param text the text, without the token that ended it
   */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  record Text(GeneratedText text) implements StoryPart {}

  /**
   * An image.
   *
   * @param image the image, with settings that draw it again after the same texts and images
   */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  record Image(GeneratedImage image) implements StoryPart {}
}
