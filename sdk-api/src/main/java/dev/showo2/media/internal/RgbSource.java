package dev.showo2.media.internal;

import java.io.IOException;
import org.apiguardian.api.API;

/** An image that is decoded row by row, from top to bottom as it is stored. Not thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface RgbSource {

  /** {@return the width in pixels} */
  int width();

  /** {@return the height in pixels} */
  int height();

  /**
   * Decodes the next row; called as many times as there are rows.
   *
   * @param rgb receives red, green and blue of every pixel from left to right
   * @throws IOException if the file is corrupt or ends too early
   */
  void next(byte[] rgb) throws IOException;
}
