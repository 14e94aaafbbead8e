package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos whose stream or container crops the decoded frames, as FFmpeg's program shows them. */
class VideoCroppingTest {

  @TempDir Path directory;

  private List<BufferedImage> read(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream input = VideoCroppingTest.class.getResourceAsStream("/media/" + name)) {
      Files.copy(input, file);
    }
    return Clips.read(file);
  }

  /** Columns on the left that decoders leave unless they are told, and rows at the bottom. */
  @Test
  void streamThatCropsOnTheLeft() throws IOException {
    List<BufferedImage> frames = read("cropped.mp4");
    assertEquals(2, frames.size());
    for (BufferedImage frame : frames) {
      assertEquals("88x58", frame.getWidth() + "x" + frame.getHeight());
      for (int x : new int[] {2, 44, 87}) {
        assertEquals(255, frame.getRGB(x, 50) & 0xff, 6);
        assertEquals(0, frame.getRGB(x, 50) >> 16 & 0xff, 6);
      }
    }
  }

  /** A clean aperture of 80x50 pixels in frames of 96x64, red from left to right. */
  @Test
  void containerThatCrops() throws IOException {
    List<BufferedImage> frames = read("clap.mp4");
    assertEquals(12, frames.size());
    BufferedImage frame = frames.get(3);
    assertEquals("80x50", frame.getWidth() + "x" + frame.getHeight());
    for (int x : new int[] {30, 60, 79}) {
      assertEquals(255 * (12 + x) / 95, frame.getRGB(x, 40) >> 16 & 0xff, 8, "column " + x);
    }
    for (int y : new int[] {5, 20, 45}) {
      assertEquals(255 * (4 + y) / 63, frame.getRGB(70, y) >> 8 & 0xff, 8, "row " + y);
    }
  }
}
