package dev.showo2.pipeline;

import org.apiguardian.api.API;

/** A piece of a story, in the order in which it is told. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface StoryPart {

  /**
   * Text before, between or after images.
   *
   * @param text without the token that ended it
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Text(GeneratedText text) implements StoryPart {}

  /** An image, with what would draw it again after the same text and images. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Image(GeneratedImage image) implements StoryPart {}
}
