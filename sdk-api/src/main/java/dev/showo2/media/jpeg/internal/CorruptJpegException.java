package dev.showo2.media.jpeg.internal;

import java.io.IOException;

/** A file that breaks the rules of JPEG, or uses a part of it that hardly anyone writes. */
final class CorruptJpegException extends IOException {

  private static final long serialVersionUID = 1;

  CorruptJpegException(String message) {
    super(message);
  }
}
