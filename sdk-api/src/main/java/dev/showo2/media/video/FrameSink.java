package dev.showo2.media.video;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Takes the frames of a video as they are decoded. Called on the thread that runs the request; what
 * it throws ends the request and reaches the caller.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface FrameSink {

  /**
   * @param index from 0
   * @param frame 8-bit RGB; the receiver's to keep
   */
  void frame(int index, BufferedImage frame);

  /** Keeps all frames in a list, in their order. */
  static FrameSink into(List<BufferedImage> frames) {
    return (index, frame) -> frames.add(frame);
  }
}
