package dev.showo2.media.internal;

import dev.showo2.error.InvalidRequestException;
import org.apiguardian.api.API;

/** A check of an image's size before memory is taken for it. */
@FunctionalInterface
@API(status = API.Status.INTERNAL, since = "0.1")
public interface SizeCheck {

  /**
   * Refuses sizes.
   *
   * @param width in pixels
   * @param height in pixels
   * @throws InvalidRequestException if it is empty or too large
   */
  void check(int width, int height);

  /**
   * Makes a check of the number of pixels.
   *
   * @param maxPixels the largest number of pixels
   * @param origin where the image comes from, for messages
   * @return the check
   */
  static SizeCheck of(long maxPixels, String origin) {
    return (width, height) -> {
      if (width < 1 || height < 1 || (long) width * height > maxPixels) {
        throw new InvalidRequestException(
            origin
                + " claims to have "
                + Integer.toUnsignedString(width)
                + "x"
                + Integer.toUnsignedString(height)
                + " pixels; from 1 to "
                + maxPixels
                + " are read, so scale it down first");
      }
    };
  }
}
