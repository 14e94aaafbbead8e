package dev.showo2.sequence.internal;

import org.apiguardian.api.API;

/**
 * The layout of an image's or video's tokens in a sequence for understanding. Immutable and
 * thread-safe.
 *
 * @param pieces number of visuals that they consist of, at least 1
 * @param pieceLength tokens of each visual, at least 1
 * @param span positions of full attention from the first token on, at least 1
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VisualTokens(int pieces, int pieceLength, int span) {

  /**
   * Validates the layout.
   *
   * @param pieces number of visuals that they consist of, at least 1
   * @param pieceLength tokens of each visual, at least 1
   * @param span positions of full attention from the first token on, at least 1
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
   * Lays out an image, whose span includes eoi (SPEC 8).
   *
   * @param imageTokens L, at least 1
   * @return the layout
   */
  public static VisualTokens image(int imageTokens) {
    return new VisualTokens(1, imageTokens, imageTokens + 1);
  }

  /**
   * Lays out a video frame by frame, with a span as long as that of an image (SPEC 8).
   *
   * @param frames at least 1
   * @param frameTokens of each frame, at least 1
   * @param imageTokens L, of one image
   * @return the layout
   */
  public static VisualTokens video(int frames, int frameTokens, int imageTokens) {
    return new VisualTokens(frames, frameTokens, imageTokens + 1);
  }
}
