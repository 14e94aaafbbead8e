package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.nio.file.Path;

/** What a video may cost, since files come from anywhere. */
final class VideoLimits {

  private VideoLimits() {}

  /**
   * @throws InvalidRequestException if a file has more frames than are read
   */
  static void requireFrames(long frames, Path file) {
    if (frames > VideoReader.MAX_FRAMES) {
      throw new InvalidRequestException(
          file + " has more than " + VideoReader.MAX_FRAMES + " frames; cut it into pieces first");
    }
  }

  /**
   * @throws InvalidRequestException if frames are empty or larger than are read
   */
  static void requireSize(long width, long height, Path file) {
    if (width < 1 || height < 1 || width > VideoReader.MAX_PIXELS / height) {
      throw new InvalidRequestException(
          file
              + " claims to have frames of "
              + width
              + "x"
              + height
              + " pixels; from 1 to "
              + VideoReader.MAX_PIXELS
              + " are read, so scale it down first");
    }
  }
}
