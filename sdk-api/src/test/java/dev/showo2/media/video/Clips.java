package dev.showo2.media.video;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Small synthetic videos and their properties. */
final class Clips {

  private Clips() {}

  /** Slopes of color, a little further with every frame. */
  static List<BufferedImage> smooth(int width, int height, int count) {
    List<BufferedImage> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      BufferedImage frame = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int red = 255 * x / width;
          int green = 255 * y / height;
          int blue = 40 + 10 * i % 200;
          frame.setRGB(x, y, red << 16 | green << 8 | blue);
        }
      }
      frames.add(frame);
    }
    return frames;
  }

  /** One color a frame: i in the red of frame i, so that frames can be told apart. */
  static List<BufferedImage> numbered(int width, int height, int count) {
    List<BufferedImage> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(plain(width, height, number(i)));
    }
    return frames;
  }

  private static int number(int index) {
    return (20 + 9 * index) << 16 | 100 << 8 | 100;
  }

  /** Which frame of a numbered clip this is. */
  static int number(BufferedImage frame) {
    int red = frame.getRGB(frame.getWidth() / 2, frame.getHeight() / 2) >> 16 & 0xff;
    return Math.round((red - 20) / 9f);
  }

  static BufferedImage plain(int width, int height, int rgb) {
    BufferedImage frame = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        frame.setRGB(x, y, rgb);
      }
    }
    return frame;
  }

  static List<BufferedImage> read(Path file) {
    try (FrameSource source = VideoReader.open(file)) {
      return all(source);
    }
  }

  static List<BufferedImage> all(FrameSource source) {
    List<BufferedImage> frames = new ArrayList<>();
    for (Optional<BufferedImage> next = source.next(); next.isPresent(); next = source.next()) {
      frames.add(next.get());
    }
    return frames;
  }

  /** The mean over the pixels that both have, in levels of 255. */
  static double meanDifference(BufferedImage a, BufferedImage b) {
    int width = Math.min(a.getWidth(), b.getWidth());
    int height = Math.min(a.getHeight(), b.getHeight());
    long sum = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          sum += Math.abs((a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff));
        }
      }
    }
    return sum / (3.0 * width * height);
  }

  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
