package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR0;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.showo2.media.internal.Orientation;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The frames of a video that FFmpeg decodes. */
final class FfmpegSource implements SizedSource {

  private final Path file;
  private final FfmpegDemuxer packets;
  private final FfmpegDecoder frames;
  private final FfmpegScaler scaler = new FfmpegScaler();
  private final Orientation orientation;
  private final double frameRate;
  private final long claimedFrames;

  private AVFrame rgb;
  private AVFrame ahead;
  private boolean closed;

  private FfmpegSource(Path file, FfmpegDemuxer packets, FfmpegDecoder frames) {
    this.file = file;
    this.packets = packets;
    this.frames = frames;
    this.orientation = packets.orientation();
    this.frameRate = packets.frameRate();
    this.claimedFrames = packets.claimedFrames();
  }

  /**
   * Opens a video and decodes its first frame, so that a file that is no video is refused now.
   *
   * @param beginning of the file, for messages
   */
  static FfmpegSource open(Path file, String beginning) {
    FfmpegDemuxer packets = FfmpegDemuxer.open(file, beginning);
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
    int width = frame.width();
    int height = frame.height();
    VideoLimits.requireSize(width, height, file);
    if (rgb == null || rgb.width() != width || rgb.height() != height) {
      freeRgb();
      rgb = FfmpegScaler.allocate(AV_PIX_FMT_BGR0, width, height);
    }
    if (!scaler.convert(frame, rgb, frame.colorspace())) {
      throw packets.corrupt(
          frames.decoded() - 1, "its pixel format " + frame.format() + " cannot be converted");
    }
    int stride = rgb.linesize(0);
    IntBuffer pixels =
        rgb.data(0)
            .capacity((long) stride * height)
            .asByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asIntBuffer();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      pixels.get(y * (stride / Integer.BYTES), row);
      for (int x = 0; x < width; x++) {
        row[x] &= 0xffffff;
      }
      image.getRaster().setDataElements(0, y, width, 1, row);
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

  private void freeRgb() {
    if (rgb != null) {
      av_frame_free(rgb);
      rgb = null;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      ahead = null;
      freeRgb();
      scaler.close();
      frames.close();
      packets.close();
    }
  }
}
