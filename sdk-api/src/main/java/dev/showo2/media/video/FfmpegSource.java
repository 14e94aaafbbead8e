package dev.showo2.media.video;

import dev.showo2.media.internal.Orientation;
import dev.showo2.media.video.internal.FfmpegRgb;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The frames of a video that FFmpeg decodes. */
final class FfmpegSource implements SizedSource {

  private final Path file;
  private final FfmpegDemuxer packets;
  private final FfmpegDecoder frames;
  private final FfmpegRgb rgb = new FfmpegRgb();
  private final Orientation orientation;
  private final double frameRate;
  private final long claimedFrames;

  private AVFrame ahead;
  private boolean closed;

  private FfmpegSource(Path file, FfmpegDemuxer packets, FfmpegDecoder frames) {
    this.file = file;
    this.packets = packets;
    this.frames = frames;
    this.orientation = packets.sideData().orientation();
    this.frameRate = packets.frameRate();
    this.claimedFrames = packets.claimedFrames();
  }

  /**
   * Opens a video and decodes its first frame, so that a file that is no video is refused now.
   *
   * @param beginning of the file, for messages
   * @param auxiliaryTracks as {@link FfmpegDemuxer#open} takes them
   */
  static FfmpegSource open(Path file, String beginning, Optional<Set<Integer>> auxiliaryTracks) {
    FfmpegDemuxer packets = FfmpegDemuxer.open(file, beginning, auxiliaryTracks);
    FfmpegDecoder frames;
    try {
      frames = FfmpegDecoder.open(packets);
    } catch (RuntimeException | Error e) {
      packets.close();
      throw e;
    }
    FfmpegSource source = new FfmpegSource(file, packets, frames);
    try {
      source.ahead = frames.next();
      if (source.ahead == null) {
        throw packets.corrupt(0, "it holds none");
      }
      return source;
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  @Override
  public Optional<BufferedImage> next() {
    AVFrame frame = decode();
    return frame == null ? Optional.empty() : Optional.of(orientation.apply(image(frame)));
  }

  @Override
  public boolean skip() {
    return decode() != null;
  }

  private AVFrame decode() {
    if (closed) {
      throw new IllegalStateException("the source of frames is closed");
    }
    AVFrame frame = ahead != null ? ahead : frames.next();
    ahead = null;
    VideoLimits.requireFrames(frames.decoded(), file);
    return frame;
  }

  private BufferedImage image(AVFrame frame) {
    VideoLimits.requireSize(frame.width(), frame.height(), file);
    Rectangle shown = packets.sideData().cropped(frame.width(), frame.height());
    BufferedImage image = new BufferedImage(shown.width, shown.height, BufferedImage.TYPE_INT_RGB);
    if (!rgb.draw(frame, shown, image, 0, 0)) {
      throw packets.corrupt(
          frames.decoded() - 1, "its pixel format " + frame.format() + " cannot be converted");
    }
    return image;
  }

  @Override
  public double frameRate() {
    return frameRate;
  }

  @Override
  public long claimedFrames() {
    return claimedFrames;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      ahead = null;
      rgb.close();
      frames.close();
      packets.close();
    }
  }
}
