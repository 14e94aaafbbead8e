package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A sequence of video frames, read from the first to the last. The opener closes it. Not
 * thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public interface FrameSource extends AutoCloseable {

  /**
   * The rate of videos that state none, in frames a second: the rate that released models are
   * trained at.
   */
  double DEFAULT_FRAME_RATE = 8;

  /**
   * Decodes the next frame.
   *
   * @return the next frame, which the receiver may keep; empty after the last one
   * @throws InvalidRequestException if the video is corrupt at this frame
   * @throws IllegalStateException if the source is closed
   */
  Optional<BufferedImage> next();

  /**
   * Skips a frame, which is faster than decoding it.
   *
   * @return whether there was a frame
   * @throws InvalidRequestException if the video is corrupt at this frame
   * @throws IllegalStateException if the source is closed
   */
  default boolean skip() {
    return next().isPresent();
  }

  /** {@return frames a second, above 0; the average where frames have different durations} */
  double frameRate();

  /** Frees the resources of the source. A second call has no effect. */
  @Override
  void close();

  /**
   * Makes a source of images in memory.
   *
   * @param frames at least one; the list is copied, the images are not
   * @param frameRate in frames a second, from 0.01 to 1000
   * @return the source
   * @throws InvalidRequestException if there are no frames or the rate is out of range
   */
  static FrameSource of(List<BufferedImage> frames, double frameRate) {
    List<BufferedImage> images = List.copyOf(frames);
    if (images.isEmpty()) {
      throw new InvalidRequestException("frames: at least one is needed, found none");
    }
    VideoLimits.requireRate(frameRate);
    return new FrameSource() {
      private int next;
      private boolean closed;

      @Override
      public Optional<BufferedImage> next() {
        if (closed) {
          throw new IllegalStateException("the source of frames is closed");
        }
        return next < images.size() ? Optional.of(images.get(next++)) : Optional.empty();
      }

      @Override
      public double frameRate() {
        return frameRate;
      }

      @Override
      public void close() {
        closed = true;
      }
    };
  }
}
