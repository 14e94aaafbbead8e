package dev.showo2.demo.world;

import org.apiguardian.api.API;

/**
 * A question and its true answer.
 *
 * @param text the question, without special tokens
 * @param answer word for word as the demo model is trained to give it
 * @param kind of the question
 * @param language of both
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record WorldQuestion(String text, String answer, Kind kind, Language language) {

  /** The kinds of questions that the demo model is trained on. */
  public enum Kind {
    /** Color and shape of an image. */
    CONTENT,
    /** All five attributes of an image. */
    DESCRIPTION,
    /** The color of the shape. */
    COLOR,
    /** The kind of shape. */
    SHAPE,
    /** The position of the shape. */
    PLACE,
    /** The color of the background. */
    BACKGROUND,
    /** The size of the shape. */
    SIZE,
    /** The number of shapes, which is one. */
    COUNT,
    /** Yes or no: a kind of shape. */
    IS_SHAPE,
    /** Yes or no: a color of the shape. */
    IS_COLOR,
    /** Shape and movement of a video. */
    MOTION,
    /** The direction of a movement. */
    DIRECTION,
    /** A phrase of a chat without images. */
    SMALL_TALK;

    /**
     * Tells whether the answer is yes or no.
     *
     * @return true for {@link #IS_SHAPE} and {@link #IS_COLOR}
     */
    public boolean yesOrNo() {
      return this == IS_SHAPE || this == IS_COLOR;
    }
  }
}
