package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Videos that a telephone took while it was held another way. */
class VideoRotationTest {

  private static final int ONE = 1 << 16;

  /** From the box's type to the matrix, in version 0. */
  private static final int MATRIX_OFFSET = 44;

  @TempDir Path directory;

  /** A red corner at the top left of 64x32 pixels, and where it is seen. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0, 1, 64, 32, 0, 0",
    "0, 1, -1, 0, 32, 64, 1, 0",
    "-1, 0, 0, -1, 64, 32, 1, 1",
    "0, -1, 1, 0, 32, 64, 0, 1",
    "-1, 0, 0, 1, 64, 32, 1, 0"
  })
  void theDisplayMatrixIsApplied(
      int a, int b, int c, int d, int width, int height, int cornerX, int cornerY)
      throws IOException {
    BufferedImage seen = Clips.read(rotated(a * ONE, b * ONE, c * ONE, d * ONE)).get(2);
    assertEquals(width, seen.getWidth());
    assertEquals(height, seen.getHeight());
    for (int x = 0; x < 2; x++) {
      for (int y = 0; y < 2; y++) {
        int expected = x == cornerX && y == cornerY ? 230 : 20;
        int red = seen.getRGB(4 + x * (width - 9), 4 + y * (height - 9)) >> 16 & 0xff;
        assertEquals(expected, red, 25, "corner " + x + " " + y);
      }
    }
  }

  @Test
  void otherAnglesAreLeftAlone() throws IOException {
    BufferedImage seen = Clips.read(rotated(46341, 46341, -46341, 46341)).get(0);
    assertEquals(64, seen.getWidth());
    assertEquals(230, seen.getRGB(4, 4) >> 16 & 0xff, 25);
  }

  @Test
  void samplesAreTurnedToo() throws IOException {
    List<BufferedImage> frames = VideoReader.sample(rotated(0, ONE, -ONE, 0), 2);
    assertEquals(32, frames.get(1).getWidth());
  }

  private Path rotated(int a, int b, int c, int d) throws IOException {
    BufferedImage frame = Clips.plain(64, 32, 0x141414);
    for (int x = 0; x < 16; x++) {
      for (int y = 0; y < 12; y++) {
        frame.setRGB(x, y, 0xe61414);
      }
    }
    Path file = directory.resolve("held.mp4");
    VideoWriter.write(List.of(frame, frame, frame), 8, file);
    byte[] bytes = Files.readAllBytes(file);
    int box = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    ByteBuffer matrix = ByteBuffer.wrap(bytes);
    matrix.position(box + MATRIX_OFFSET);
    assertEquals(ONE, matrix.getInt(matrix.position()));
    matrix.putInt(a).putInt(b).putInt(0).putInt(c).putInt(d).putInt(0);
    Files.write(file, bytes);
    return file;
  }
}
