package dev.showo2.samples.cli;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.ImageFormat;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoReader;
import dev.showo2.model.Architecture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The images or the video of a question, told by the content of files and not by their names. */
sealed interface VisualFile {

  /** Images in the order of their files, each of which could be read. */
  record Images(List<ScaledImage> files) implements VisualFile {

    /** The images as the model sees them. */
    List<BufferedImage> images(Architecture architecture) {
      return files.stream()
          .map(file -> file.covering(architecture, architecture.imageGrid()))
          .toList();
    }
  }

  /** A video whose first frame could be read. */
  record Video(Path file) implements VisualFile {

    /**
     * The frames as the model sees them. They are made small while they are read, so that a large
     * video needs little memory; the model does not change images of that size any more.
     *
     * @param count how many frames, spread evenly
     * @throws dev.showo2.error.InvalidRequestException if the video is damaged
     */
    List<BufferedImage> frames(int count, Architecture architecture) {
      int width = architecture.imageGrid().columns() * architecture.pixelsPerToken();
      int height = architecture.imageGrid().rows() * architecture.pixelsPerToken();
      return VideoReader.sample(
          () -> VideoReader.open(file),
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

  /**
   * @param files at least one
   * @throws InvalidRequestException if one can be read neither as an image nor as a video, or there
   *     is anything else beside a video
   */
  static VisualFile open(List<Path> files) throws IOException {
    for (Path file : files) {
      if (isVideo(file)) {
        if (files.size() > 1) {
          throw new InvalidRequestException(
              "FILE: images or one video are needed, found "
                  + files.size()
                  + " files with the video "
                  + file
                  + " among them; ask about it alone");
        }
        requireFrame(file);
        return new Video(file);
      }
    }
    return new Images(files.stream().map(ScaledImage::open).toList());
  }

  private static boolean isVideo(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return true;
    }
    if (!Files.isRegularFile(file)) {
      // Refused as an image, or a pipe.
      return false;
    }
    byte[] beginning;
    try (InputStream input = Files.newInputStream(file)) {
      beginning = input.readNBytes(ImageFormat.NEEDED_BYTES);
    }
    Optional<ImageFormat> image = ImageFormat.of(beginning);
    if (image.isEmpty()) {
      return opensAsVideo(file, beginning);
    }
    boolean animated = image.get() == ImageFormat.GIF || ImageFormat.isAnimatedHeif(beginning);
    return animated && hasSeveralFrames(file);
  }

  private static boolean hasSeveralFrames(Path file) {
    try (FrameSource frames = VideoReader.open(file)) {
      return frames.skip() && frames.skip();
    } catch (InvalidRequestException e) {
      // Its first image may be whole.
      return false;
    }
  }

  private static boolean opensAsVideo(Path file, byte[] beginning) {
    try {
      VideoReader.open(file).close();
      return true;
    } catch (InvalidRequestException e) {
      throw new InvalidRequestException(
          "FILE: a PNG, JPEG, BMP, GIF, TIFF or WebP image or a video was expected, but "
              + file
              + (beginning.length == 0
                  ? " is empty"
                  : " begins with "
                      + ImageFormat.beginning(beginning)
                      + " and cannot be read as a video: "
                      + e.getMessage()),
          e);
    }
  }

  private static void requireFrame(Path file) {
    try (FrameSource frames = VideoReader.open(file)) {
      if (frames.next().isEmpty()) {
        throw new InvalidRequestException(
            "FILE: the video " + file + " has no frames; at least one is needed");
      }
    }
  }
}
