package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.nio.file.Path;
import java.util.Locale;

/** The formats that are written, chosen by the extension of a file's name. */
enum VideoFormat {
  MP4,
  WEBM,
  GIF,
  PNG_FOLDER;

  /**
   * The highest rate of a GIF, in frames a second: delays are in hundredths of a second, and
   * browsers slow down frames of one hundredth.
   */
  static final double MAX_GIF_RATE = 50;

  /**
   * Finds the format of a file name.
   *
   * @throws InvalidRequestException if the extension is none of them
   */
  static VideoFormat of(Path file) {
    String name = file.getFileName() == null ? "" : file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String ending = dot < 1 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case ".mp4" -> MP4;
      case ".webm" -> WEBM;
      case ".gif" -> GIF;
      case "" -> PNG_FOLDER;
      default ->
          throw new InvalidRequestException(
              "cannot write a video to "
                  + file
                  + ": a name that ends with .mp4, .webm or .gif was expected, or one without an"
                  + " ending for a folder of PNG images, found "
                  + ending);
    };
  }

  boolean takesFfmpeg() {
    return this == MP4 || this == WEBM;
  }
}
