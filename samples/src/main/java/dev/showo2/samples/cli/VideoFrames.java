package dev.showo2.samples.cli;

import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.media.video.VideoReader;
import dev.showo2.model.Architecture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The frames of a video as the model sees them. Made small while they are read, so that a large
 * video needs little memory; what is of that size already is not changed any more by the model.
 */
final class VideoFrames {

  private VideoFrames() {}

  /**
   * @param count how many frames, spread evenly
   * @throws dev.showo2.error.InvalidRequestException if the video is damaged
   */
  static List<BufferedImage> of(Path video, int count, Architecture architecture) {
    int width = architecture.imageGrid().columns() * architecture.pixelsPerToken();
    int height = architecture.imageGrid().rows() * architecture.pixelsPerToken();
    return VideoReader.sample(
        () -> VideoReader.open(video),
        count,
        frame -> {
          Interruption.check();
          return small(frame, width, height);
        });
  }

  private static BufferedImage small(BufferedImage frame, int width, int height) {
    float[] values = ImagePreprocessor.letterbox(frame, height, width).values();
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int plane = width * height;
    for (int i = 0; i < plane; i++) {
      int rgb =
          level(values[i]) << 16 | level(values[plane + i]) << 8 | level(values[2 * plane + i]);
      small.setRGB(i % width, i / width, rgb);
    }
    return small;
  }

  /** -1 … 1 to the 8 bits that it was made from. */
  private static int level(float value) {
    return Math.round((value + 1) / 2 * 255);
  }
}
