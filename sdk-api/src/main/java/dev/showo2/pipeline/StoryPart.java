package dev.showo2.pipeline;

import org.apiguardian.api.API;

/** A piece of a story, in the order in which it is told. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface StoryPart {

  /**
   * Text before, between or after pictures.
   *
   * @param text without the token that ended it
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Text(GeneratedText text) implements StoryPart {}

  /** A picture, with what would draw it again after the same text and pictures. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  record Picture(GeneratedImage picture) implements StoryPart {}
}
