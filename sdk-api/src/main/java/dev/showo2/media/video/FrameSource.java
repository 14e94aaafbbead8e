package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Gives the frames of a video one after another, from the first to the last. For use by one thread
 * at a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FrameSource extends AutoCloseable {

  /**
   * Of videos that do not say, in frames a second: the rate that released models are trained at.
   */
  double DEFAULT_FRAME_RATE = 8;

  /**
   * @return the next frame, the receiver's to keep; none behind the last one
   * @throws InvalidRequestException if the video is damaged here
   * @throws IllegalStateException if the source is closed
   */
  Optional<BufferedImage> next();

  /**
   * Goes past a frame, which sources do faster than giving it.
   *
   * @return whether there was one
   * @throws InvalidRequestException if the video is damaged here
   * @throws IllegalStateException if the source is closed
   */
  default boolean skip() {
    return next().isPresent();
  }

  /** Frames a second, above 0; the average where frames are shown for different times. */
  double frameRate();

  /** Frees what the source holds. Does nothing on a source that is closed already. */
  @Override
  void close();

  /**
   * A video of images that are there already.
   *
   * @param frames at least one
   * @param frameRate in frames a second, from 0.01 to 1000
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
