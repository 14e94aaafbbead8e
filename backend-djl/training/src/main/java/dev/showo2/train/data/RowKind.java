package dev.showo2.train.data;

import org.apiguardian.api.API;

/** The kinds of rows (SPEC 10). */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum RowKind {
  /** A prompt and the image to draw; no labels. */
  TEXT_TO_IMAGE(Example.Captioned.class, false),
  /** An image and its caption, which is labeled. */
  CAPTION(Example.Captioned.class, false),
  /** Questions and answers, with an image or without; answers are labeled. */
  CONVERSATION(Example.Dialog.class, false),
  /** Texts and images in turn, all labeled. */
  INTERLEAVED(Example.Illustrated.class, false),
  /** A prompt and the video to make; no labels. */
  TEXT_TO_VIDEO(Example.Captioned.class, true),
  /**
   * A prompt and the video to make of its first frame, as at inference (SPEC 8): the first latent
   * frame is clean and its velocity does not count; no labels.
   */
  IMAGE_TO_VIDEO(Example.Captioned.class, true),
  /** A video and its caption, which is labeled. */
  VIDEO_CAPTION(Example.Captioned.class, true),
  /** Questions and answers, with a video or without; answers are labeled. */
  VIDEO_CONVERSATION(Example.Dialog.class, true),
  /** An image of which a teacher has features; its text, if there is one, does not count. */
  IMAGE(Example.Captioned.class, false);

  private final Class<? extends Example> examples;
  private final boolean video;

  RowKind(Class<? extends Example> examples, boolean video) {
    this.examples = examples;
    this.video = video;
  }

  /**
   * Returns the type of examples that such rows are made of.
   *
   * @return one of the records of {@link Example}
   */
  public Class<? extends Example> examples() {
    return examples;
  }

  /**
   * Tells whether rows have videos.
   *
   * @return false for images
   */
  public boolean video() {
    return video;
  }

  /**
   * Tells whether images are drawn, as opposed to understood.
   *
   * @return true if the flow loss counts
   */
  public boolean drawn() {
    return switch (this) {
      case TEXT_TO_IMAGE, TEXT_TO_VIDEO, IMAGE_TO_VIDEO, INTERLEAVED -> true;
      case CAPTION, CONVERSATION, VIDEO_CAPTION, VIDEO_CONVERSATION, IMAGE -> false;
    };
  }

  /** {@return whether the next-token loss counts} */
  boolean labeled() {
    return this == CAPTION
        || this == VIDEO_CAPTION
        || this == CONVERSATION
        || this == VIDEO_CONVERSATION
        || this == INTERLEAVED;
  }
}
