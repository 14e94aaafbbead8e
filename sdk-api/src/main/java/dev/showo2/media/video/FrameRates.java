package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;

/** Which numbers of frames a second are sensible. */
final class FrameRates {

  static final double MIN = 0.01;
  static final double MAX = 1000;

  private FrameRates() {}

  /**
   * @throws InvalidRequestException if the rate is not from {@link #MIN} to {@link #MAX}
   */
  static double require(double rate) {
    if (!(rate >= MIN && rate <= MAX)) {
      throw new InvalidRequestException(
          "frame rate: from " + MIN + " to " + MAX + " frames a second are needed, found " + rate);
    }
    return rate;
  }

  /** What a file says, or the default if that cannot be. */
  static double orDefault(double rate) {
    return rate > 0 && rate <= MAX ? rate : FrameSource.DEFAULT_FRAME_RATE;
  }
}
