package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images and animations in AVIF and HEIC. The files are made by {@code heif.py} beside them. */
class HeifTest {

  private static final int RED = 0xff0000;
  private static final int GREEN = 0xff00;
  private static final int BLUE = 0xff;
  private static final int WHITE = 0xffffff;
  private static final int BLACK = 0;
  private static final int YELLOW = 0xffff00;

  private static byte[] file(String name) throws IOException {
    return Files.readAllBytes(MediaFixtures.path(name));
  }

  private static BufferedImage decode(String name) {
    return ImageDecoder.read(MediaFixtures.path(name));
  }

  @Test
  void tilesArePutTogether() {
    requireBlocks(decode("grid.avif"), 128, 64, List.of(RED, BLUE), 64);
  }

  @Test
  void tilesAreCutToTheSizeOfTheImage() {
    requireBlocks(
        decode("grid-cut.avif"), 150, 100, List.of(RED, GREEN, BLUE, WHITE, BLACK, YELLOW), 64);
  }

  @Test
  void tilesAreTurnedAfterTheyAreCut() {
    requireBlocks(
        decode("grid-turned.avif"), 100, 150, List.of(RED, WHITE, GREEN, BLACK, BLUE, YELLOW), 64);
  }

  /** Pillow's file of each EXIF orientation, which it stores as rotation and mirroring. */
  @ParameterizedTest
  @CsvSource({
    "2, 96, 64, BGRYKW",
    "3, 96, 64, YKWBGR",
    "4, 96, 64, WKYRGB",
    "5, 64, 96, RWGKBY",
    "6, 64, 96, WRKGYB",
    "7, 64, 96, YBKGWR",
    "8, 64, 96, BYGKRW"
  })
  void imagesAreTurnedUpright(int orientation, int width, int height, String colors) {
    List<Integer> expected =
        colors
            .chars()
            .mapToObj(
                letter ->
                    switch (letter) {
                      case 'R' -> RED;
                      case 'G' -> GREEN;
                      case 'B' -> BLUE;
                      case 'W' -> WHITE;
                      case 'Y' -> YELLOW;
                      default -> BLACK;
                    })
            .toList();
    requireBlocks(decode("turned-" + orientation + ".avif"), width, height, expected, 32);
  }

  @Test
  void mainImageIsReadAndNoThumbnail() {
    requireBlocks(decode("second.heic"), 63, 61, List.of(GREEN, BLUE, WHITE, YELLOW), 32);
  }

  @Test
  void animationGivesItsColorsAndNotItsAlpha() {
    List<BufferedImage> frames = VideoReader.sample(MediaFixtures.path("alpha.avif"), 3);
    for (int i = 0; i < 3; i++) {
      requireBlocks(frames.get(i), 64, 64, List.of(List.of(RED, GREEN, BLUE).get(i)), 64);
    }
    try (FrameSource source = VideoReader.open(MediaFixtures.path("alpha.avif"))) {
      assertEquals(10, source.frameRate(), 0.01);
    }
    requireBlocks(decode("alpha.avif"), 64, 64, List.of(RED), 64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"grid.avif", "second.heic"})
  void stillImageIsAVideoOfOneWholeFrame(String name) {
    List<BufferedImage> frames = VideoReader.sample(MediaFixtures.path(name), 2);
    BufferedImage image = ImageDecoder.read(MediaFixtures.path(name));
    for (BufferedImage frame : frames) {
      assertEquals(image.getWidth(), frame.getWidth());
      assertEquals(image.getRGB(40, 40), frame.getRGB(40, 40));
    }
  }

  @ParameterizedTest
  @CsvSource({"grid-cut.avif, 825", "turned-5.avif, 389", "second.heic, 1092"})
  void truncatedItIsRefused(String name, int needed) throws IOException {
    byte[] whole = file(name);
    for (int length = 12; length < needed; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      String message =
          assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(cut, "cut"))
              .getMessage();
      assertTrue(message.startsWith("cut begins like a"), message);
    }
  }

  /** The images behind the main one are not needed. */
  @Test
  void truncatedAfterTheMainImageItIsRead() throws IOException {
    byte[] whole = file("second.heic");
    BufferedImage image = ImageDecoder.decode(Arrays.copyOf(whole, 1092), "cut");
    requireBlocks(image, 63, 61, List.of(GREEN, BLUE, WHITE, YELLOW), 32);
  }

  @Test
  void absurdSizeIsRefused() throws IOException {
    byte[] grid = file("grid.avif");
    int size = new String(grid, StandardCharsets.ISO_8859_1).indexOf("idat") + 8;
    ByteBuffer.wrap(grid).putShort(size, (short) -1).putShort(size + 2, (short) -1);
    assertEquals(
        "huge claims to have 65535x65535 pixels; from 1 to 100000000 are read, so scale it down"
            + " first",
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(grid, "huge"))
            .getMessage());
  }

  /** The middles of blocks, in rows from the top left. */
  private static void requireBlocks(
      BufferedImage image, int width, int height, List<Integer> colors, int block) {
    assertEquals(width + "x" + height, image.getWidth() + "x" + image.getHeight());
    int columns = (width + block - 1) / block;
    for (int i = 0; i < colors.size(); i++) {
      int left = i % columns * block;
      int top = i / columns * block;
      int x = (left + Math.min(width, left + block)) / 2;
      int y = (top + Math.min(height, top + block)) / 2;
      int found = image.getRGB(x, y);
      for (int shift = 0; shift < 24; shift += 8) {
        assertEquals(
            colors.get(i) >> shift & 0xff,
            found >> shift & 0xff,
            6,
            "block " + i + ": " + Integer.toHexString(found));
      }
    }
  }
}
