package dev.showo2.media;

import org.apiguardian.api.API;

/**
 * One picture of an animated GIF, which covers a part of the screen or all of it.
 *
 * @param x of its left column on the screen
 * @param y of its top row on the screen
 * @param width in pixels
 * @param height in pixels
 * @param delay for which it is shown, in hundredths of a second, as the file says; 0 if it does not
 * @param disposal what becomes of it before the next one is drawn
 * @param file a whole GIF file that holds this picture alone
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record GifFrame(
    int x, int y, int width, int height, int delay, Disposal disposal, byte[] file) {

  /** What becomes of a picture before the next one is drawn. */
  @API(status = API.Status.INTERNAL, since = "0.1")
  public enum Disposal {
    KEEP,
    CLEAR,
    RESTORE_PREVIOUS;

    /** Of the values that GIF has no meaning for, nothing is known but that they exist. */
    static Disposal of(int value) {
      return switch (value) {
        case 2 -> CLEAR;
        case 3 -> RESTORE_PREVIOUS;
        default -> KEEP;
      };
    }
  }
}
