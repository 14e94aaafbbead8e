package dev.showo2.sequence.internal;

import org.apiguardian.api.API;

/**
 * The tokens of an image or video that is looked at, as they stand in a sequence.
 *
 * @param pieces how many visuals they come in, at least 1
 * @param pieceLength tokens of each, at least 1
 * @param span positions of full attention from the first token on, at least 1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VisualTokens(int pieces, int pieceLength, int span) {

  /**
   * @throws IllegalArgumentException if there are no tokens, or there is no span
   */
  public VisualTokens {
    if (pieces < 1 || pieceLength < 1 || span < 1) {
      throw new IllegalArgumentException(
          "pieces, their tokens and the span are at least 1, got "
              + pieces
              + ", "
              + pieceLength
              + ", "
              + span);
    }
  }

  /**
   * An image: the span takes in eoi (SPEC 8).
   *
   * @param imageTokens L, at least 1
   */
  public static VisualTokens image(int imageTokens) {
    return new VisualTokens(1, imageTokens, imageTokens + 1);
  }

  /**
   * A video, frame by frame: the span is as long as that of an image (SPEC 8).
   *
   * @param frames at least 1
   * @param frameTokens of each frame, at least 1
   * @param imageTokens L, of one image
   */
  public static VisualTokens video(int frames, int frameTokens, int imageTokens) {
    return new VisualTokens(frames, frameTokens, imageTokens + 1);
  }
}
