package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.nio.file.Path;

/** The limits on videos, which bound what files from untrusted sources can cost. */
final class VideoLimits {

  /** The lowest frame rate, in frames a second. */
  static final double MIN_RATE = 0.01;

  /** The highest frame rate, in frames a second. */
  static final double MAX_RATE = 1000;

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

  /**
   * @return the same rate
   * @throws InvalidRequestException if the rate is not from {@link #MIN_RATE} to {@link #MAX_RATE}
   */
  static double requireRate(double rate) {
    if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
      throw new InvalidRequestException(
          "frame rate: from "
              + MIN_RATE
              + " to "
              + MAX_RATE
              + " frames a second are needed, found "
              + rate);
    }
    return rate;
  }

  /** The rate that a file claims, or the default if it is impossible. */
  static double rateOrDefault(double rate) {
    return rate > 0 && rate <= MAX_RATE ? rate : FrameSource.DEFAULT_FRAME_RATE;
  }
}
