package dev.showo2.media.video;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A callback that receives the frames of a video as they are decoded. Called on the thread that
 * runs the request; an exception ends the request and is passed on to its caller.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@FunctionalInterface
public interface FrameSink {

  /**
   * Receives a frame.
   *
   * @param index from 0, without gaps
   * @param frame 8-bit RGB; the receiver may keep it
   */
  void frame(int index, BufferedImage frame);

  /**
   * Makes a sink that adds all frames to a list.
   *
   * @param frames modifiable; receives the frames in their order
   * @return the sink
   */
  static FrameSink into(List<BufferedImage> frames) {
    return (index, frame) -> frames.add(frame);
  }
}
