package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GifSourceTest {

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("clip.gif");
  }

  @Test
  void partOfTheScreenIsDrawnOverThePreviousImage() {
    new GifClip(3, 2)
        .frame(0, 0, 3, GifClip.KEEP, 10, "111111")
        .frame(1, 0, 2, GifClip.KEEP, 10, "2233")
        .frame(0, 1, 1, GifClip.KEEP, 10, "0")
        .write(file);
    assertEquals(List.of("rrrrrr", "rggrbb", "rggkbb"), seen());
  }

  @Test
  void clearedPlaceIsWhite() {
    new GifClip(2, 2)
        .frame(0, 0, 2, GifClip.KEEP, 10, "1111")
        .frame(0, 0, 1, GifClip.CLEAR, 10, "22")
        .frame(1, 1, 1, GifClip.KEEP, 10, "3")
        .write(file);
    assertEquals(List.of("rrrr", "grgr", "wrwb"), seen());
  }

  @Test
  void previousImageIsRestored() {
    new GifClip(2, 2)
        .frame(0, 0, 2, GifClip.KEEP, 10, "1111")
        .frame(0, 0, 2, GifClip.PREVIOUS, 10, "2222")
        .frame(1, 1, 1, GifClip.PREVIOUS, 10, "3")
        .frame(0, 0, 1, GifClip.KEEP, 10, "0")
        .write(file);
    assertEquals(List.of("rrrr", "gggg", "rrrb", "krrr"), seen());
  }

  @Test
  void transparentPixelsShowThePreviousImage() {
    new GifClip(3, 1)
        .frame(0, 0, 3, GifClip.KEEP, 10, 0, false, "102")
        .frame(0, 0, 3, GifClip.KEEP, 10, 1, false, "113")
        .write(file);
    assertEquals(List.of("rwg", "rwb"), seen());
  }

  @Test
  void pixelsOutsideTheScreenAreCutOff() {
    new GifClip(2, 2)
        .frame(0, 0, 1, GifClip.KEEP, 10, "3")
        .frame(1, 1, 3, GifClip.PREVIOUS, 10, "111222")
        .frame(7, 0, 1, GifClip.CLEAR, 10, "3")
        .frame(0, 0, 1, GifClip.KEEP, 10, "2")
        .write(file);
    assertEquals(List.of("bwww", "bwwr", "bwww", "gwww"), seen());
  }

  /** As a still image, so that both have the same size. */
  @Test
  void screenGrowsToItsFirstImage() throws IOException {
    new GifClip(2, 2)
        .frame(1, 0, 2, GifClip.KEEP, 10, "121212")
        .frame(0, 1, 3, GifClip.KEEP, 10, "333")
        .write(file);
    assertEquals(List.of("wrgwrgwrg", "wrgbbbwrg"), seen());
    BufferedImage still = ImageDecoder.read(file);
    assertEquals("3x3", still.getWidth() + "x" + still.getHeight());
  }

  @Test
  void strayBytesBetweenBlocksAreLeftOut() throws IOException {
    byte[] first = new GifClip(2, 1).frame(0, 0, 2, GifClip.KEEP, 10, "12").withoutTrailer();
    byte[] both =
        new GifClip(2, 1)
            .frame(0, 0, 2, GifClip.KEEP, 10, "12")
            .frame(0, 0, 1, GifClip.KEEP, 10, "3")
            .withoutTrailer();
    byte[] stray = Arrays.copyOf(first, both.length + 2);
    System.arraycopy(both, first.length, stray, first.length + 2, both.length - first.length);
    Files.write(file, stray);
    assertEquals(List.of("rg", "bg"), seen());
  }

  @Test
  void screenWithoutASizeHasThatOfItsFirstImage() {
    new GifClip(0, 0).frame(1, 0, 2, GifClip.KEEP, 10, "12").write(file);
    assertEquals(List.of("wrg"), seen());
  }

  @Test
  void rowsOfInterlacedImagesAreBroughtInOrder() {
    // In the file: rows 0 and 8, then 4, then 2, 6 and 10, then those between them.
    new GifClip(1, 11)
        .frame(0, 0, 1, GifClip.KEEP, 10, 0, true, "11233322222")
        .frame(0, 0, 1, GifClip.KEEP, 10, 0, true, "321")
        .write(file);
    assertEquals(List.of("rgbgggbgrgb", "brggggbgrgb"), seen());
  }

  @Test
  void interlacedStillImageIsReadInOrderToo() throws IOException {
    new GifClip(1, 3).frame(0, 0, 1, GifClip.KEEP, 10, 0, true, "132").write(file);
    BufferedImage image = ImageDecoder.decode(Files.readAllBytes(file), "still.gif");
    assertEquals("rgb", seen(image));
  }

  @Test
  void commentsAndImagesWithoutExtensionsAreRead() {
    new GifClip(2, 1)
        .comment("hello")
        .plainFrame(0, 0, 2, false, "12")
        .comment("between")
        .plainFrame(1, 0, 1, false, "3")
        .write(file);
    assertEquals(List.of("rg", "rb"), seen());
  }

  @Test
  void missingTrailerIsForgiven() throws IOException {
    Files.write(file, new GifClip(1, 1).plainFrame(0, 0, 1, false, "1").withoutTrailer());
    assertEquals(List.of("r"), seen());
  }

  @Test
  void frameRateIsTheAverageOfTheDelays() {
    GifClip clip = new GifClip(1, 1);
    for (int delay : new int[] {20, 40, 0, 1}) { // the last two count as 10
      clip.frame(0, 0, 1, GifClip.KEEP, delay, "1");
    }
    clip.write(file);
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(100 * 4 / 80.0, source.frameRate());
    }
  }

  @Test
  void longImageOfManyBlocks() {
    String row = "0123".repeat(100);
    new GifClip(400, 3).frame(0, 0, 400, GifClip.KEEP, 10, row.repeat(3)).write(file);
    assertEquals(List.of("krgb".repeat(300)), seen());
  }

  @Test
  void withoutAImageItIsNoVideo() {
    new GifClip(4, 4).comment("nothing").write(file);
    assertEquals(
        "a video was expected (MP4, WebM or the like, an animated GIF or a folder of images), but "
            + file
            + " is a GIF without a single frame",
        message());
  }

  @Test
  void truncatedAnywhereItIsRefusedWhenOpened() throws IOException {
    byte[] whole =
        new GifClip(2, 2)
            .frame(0, 0, 2, GifClip.KEEP, 10, "1111")
            .frame(0, 0, 2, GifClip.KEEP, 10, "2222")
            .withoutTrailer();
    int head = 25;
    int frame = (whole.length - head) / 2;
    for (int length = 6; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int behind = (length - head) % frame;
      if (length >= head + frame
          && (behind == 0 || behind == 8)) { // 8: the extension before an image
        assertEquals(List.of("rrrr"), seen());
      } else if (length == head || length == head + 8) {
        assertTrue(message().endsWith("is a GIF without a single frame"));
      } else {
        String message = message();
        assertTrue(
            message.startsWith(file + " is a GIF that cannot be read beyond ")
                && message.endsWith("truncated or corrupt, so save it anew"),
            length + ": " + message);
      }
    }
  }

  @Test
  void hugeScreenIsRefused() {
    new GifClip(65535, 65535).frame(0, 0, 1, GifClip.KEEP, 10, "1").write(file);
    assertEquals(
        file
            + " claims to have frames of 65535x65535 pixels; from 1 to 35389440 are read, so scale"
            + " it down first",
        message());
  }

  @Test
  void corruptPixelsAreReportedAsCorrupt() throws IOException {
    byte[] gif =
        new GifClip(2, 2)
            .frame(0, 0, 2, GifClip.KEEP, 10, "1111")
            .frame(0, 0, 2, GifClip.KEEP, 10, "2222")
            .withoutTrailer();
    gif[gif.length - 6] = 40; // bits of a pixel
    Files.write(file, gif);
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals("rrrr", seen(source.next().orElseThrow()));
      String message = assertThrows(InvalidRequestException.class, source::next).getMessage();
      assertTrue(
          message.startsWith(file + " is a GIF that cannot be read beyond 1 frames ("), message);
    }
  }

  @Test
  void closedSourceGivesNothing() {
    new GifClip(1, 1).plainFrame(0, 0, 1, false, "1").write(file);
    FrameSource source = VideoReader.open(file);
    source.close();
    source.close();
    assertThrows(IllegalStateException.class, source::next);
    assertThrows(IllegalStateException.class, source::skip);
  }

  private String message() {
    return assertThrows(InvalidRequestException.class, () -> VideoReader.open(file).close())
        .getMessage();
  }

  private List<String> seen() {
    return Clips.read(file).stream().map(GifSourceTest::seen).toList();
  }

  /** A letter for every pixel. */
  private static String seen(BufferedImage image) {
    StringBuilder letters = new StringBuilder();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        letters.append(
            switch (image.getRGB(x, y) & 0xffffff) {
              case 0x000000 -> 'k';
              case 0xff0000 -> 'r';
              case 0x00ff00 -> 'g';
              case 0x0000ff -> 'b';
              case 0xffffff -> 'w';
              default -> '?';
            });
      }
    }
    return letters.toString();
  }
}
