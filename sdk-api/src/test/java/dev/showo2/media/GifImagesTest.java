package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.VideoReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GIF files block by block; the expected pixels are those of Pillow 12. */
class GifImagesTest {

  private static final String RED = "c80000";
  private static final String GREEN = "00c800";
  private static final String BLUE = "0000c8";
  private static final String GRAY = "808080";

  @TempDir Path directory;

  @Test
  void firstImageIsShownOnItsScreen() {
    byte[] gif = gif(4, 3, image(1, 1, 2, 1, 1, 2));
    assertEquals(
        RED.repeat(5) + GREEN + BLUE + RED.repeat(5), pixels(gif), "around it the first color");
    byte[] transparent = gif(4, 3, control(3), image(1, 1, 2, 1, 1, 3));
    assertEquals(GRAY.repeat(5) + GREEN + GRAY.repeat(6), pixels(transparent));
    BufferedImage grown = ImageDecoder.decode(gif(1, 1, image(1, 2, 2, 1, 1, 2)), "x.gif");
    assertEquals(3, grown.getWidth());
    assertEquals(3, grown.getHeight());
    assertEquals(2, ImageDecoder.decode(gif(0, 0, image(0, 0, 2, 1, 1, 2)), "x.gif").getWidth());
  }

  @Test
  void stillImageHasTheSizeOfTheSameFileAsAVideo() throws IOException {
    byte[] gif = gif(8, 8, image(2, 2, 2, 1, 1, 2));
    Path file = Files.write(directory.resolve("small.gif"), gif);
    BufferedImage frame = VideoReader.sample(file, 1).get(0);
    assertEquals(frame.getWidth(), ImageDecoder.read(file).getWidth());
    assertEquals(frame.getHeight(), ImageDecoder.read(file).getHeight());
  }

  @Test
  void codesOfEveryLengthAreRead() throws IOException {
    for (int[] size : new int[][] {{1, 1}, {3, 2}, {70, 60}, {130, 200}}) {
      BufferedImage indexed = new BufferedImage(size[0], size[1], BufferedImage.TYPE_BYTE_INDEXED);
      indexed.createGraphics().drawImage(MediaFixtures.noise(size[0], size[1], 3), 0, 0, null);
      ByteArrayOutputStream gif = new ByteArrayOutputStream();
      ImageIO.write(indexed, "gif", gif);
      assertArrayEquals(
          MediaFixtures.rgb(indexed),
          MediaFixtures.rgb(ImageDecoder.decode(gif.toByteArray(), "x.gif")));
    }
  }

  @Test
  void repeatedClearCodesDoNoHarm() {
    // Codes of three bits: clear is 4, end is 5.
    byte[] codes = codes(3, 4, 4, 4, 1, 4, 4, 2, 4, 4, 3, 5);
    assertEquals(GREEN + BLUE + GRAY, pixels(gif(3, 1, imageOf(3, 1, 2, codes))));
  }

  @Test
  void firstCodesMayHaveMoreBitsThanColorsNeed() {
    for (int bits = 2; bits <= 11; bits++) {
      int clear = 1 << bits;
      byte[] codes = codes(bits + 1, clear, 1, 2, 3, clear + 1);
      assertEquals(
          GREEN + BLUE + GRAY, pixels(gif(3, 1, imageOf(3, 1, bits, codes))), bits + " bits");
    }
  }

  @Test
  void codeThatIsJustBeingMadeIsRead() {
    byte[] codes = codes(3, 4, 1, 6, 2, 5); // 1, 1 1, 2
    assertEquals(GREEN.repeat(3) + BLUE, pixels(gif(4, 1, imageOf(4, 1, 2, codes))));
  }

  @Test
  void strayBytesBetweenBlocksAreLeftOut() throws IOException {
    byte[] stray = {0, 0, 7};
    byte[] gif =
        gif(
            2,
            1,
            stray,
            control(-1),
            stray,
            image(0, 0, 2, 1, 1, 2),
            stray,
            image(0, 0, 2, 1, 2, 1));
    assertEquals(GREEN + BLUE, pixels(gif));
    Path file = Files.write(directory.resolve("stray.gif"), gif);
    assertEquals(
        BLUE + GREEN,
        HexFormat.of().formatHex(MediaFixtures.rgb(VideoReader.sample(file, 2).get(1))));
  }

  @Test
  void interlacedImagesOfEveryHeightAreRead() {
    int[] order = {0, 8, 4, 2, 6, 1, 3, 5, 7};
    for (int height = 1; height <= order.length; height++) {
      int rows = height;
      int[] stored = Arrays.stream(order).filter(y -> y < rows).map(y -> y % 4).toArray();
      byte[] image = image(0, 0, 1, height, stored);
      image[9] |= 0x40;
      StringBuilder expected = new StringBuilder();
      for (int y = 0; y < height; y++) {
        expected.append(new String[] {RED, GREEN, BLUE, GRAY}[y % 4]);
      }
      assertEquals(expected.toString(), pixels(gif(1, height, image)));
    }
  }

  @Test
  void withoutAPaletteThereAreGrays() {
    byte[] gif = gif(2, 1, image(0, 0, 2, 1, 1, 3));
    byte[] without = new byte[gif.length - 12];
    System.arraycopy(gif, 0, without, 0, 13);
    System.arraycopy(gif, 25, without, 13, gif.length - 25);
    without[10] = 0;
    assertEquals("010101030303", pixels(without));
  }

  @Test
  void whatEndsTooEarlyOrIsCorruptIsRefused() {
    byte[] gif = gif(3, 1, image(0, 0, 3, 1, 1, 2, 3));
    for (int length = 6; length < gif.length - 2; length++) {
      assertTrue(
          refuse(Arrays.copyOf(gif, length)).matches(".*(too early|holds no image).*"),
          "cut to " + length);
    }
    assertEquals(GREEN + BLUE + GRAY, pixels(Arrays.copyOf(gif, gif.length - 1)));
    assertTrue(refuse(gif(3, 1, imageOf(3, 1, 2, codes(3, 4, 1, 5)))).contains("too early"));
    assertTrue(refuse(gif(3, 1, imageOf(3, 1, 2, codes(3, 4, 1, 7, 5)))).contains("code 7"));
    assertTrue(refuse(gif(3, 1, imageOf(3, 1, 2, codes(3, 6, 1, 5)))).contains("code 6"));
    assertTrue(refuse(gif(3, 1, imageOf(3, 1, 13, codes(3, 4, 5)))).contains("13 bits"));
    assertTrue(refuse(gif(3, 1, imageOf(0, 1, 2, codes(3, 4, 5)))).contains("0x1"));
    assertTrue(
        refuse(gif(65_535, 65_535, image(0, 0, 1, 1, 1))).contains("65535x65535"), "the screen");
  }

  private static String refuse(byte[] gif) {
    return assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(gif, "x.gif"))
        .getMessage();
  }

  private static String pixels(byte[] gif) {
    return HexFormat.of().formatHex(MediaFixtures.rgb(ImageDecoder.decode(gif, "x.gif")));
  }

  private static byte[] gif(int width, int height, byte[]... blocks) {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    gif.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
    gif.writeBytes(new byte[] {(byte) width, (byte) (width >> 8)});
    gif.writeBytes(new byte[] {(byte) height, (byte) (height >> 8), (byte) 0x81, 0, 0});
    gif.writeBytes(HexFormat.of().parseHex(RED + GREEN + BLUE + GRAY));
    for (byte[] each : blocks) {
      gif.writeBytes(each);
    }
    gif.write(0x3b);
    return gif.toByteArray();
  }

  private static byte[] control(int transparent) {
    byte flags = (byte) (transparent < 0 ? 0 : 1);
    return new byte[] {0x21, (byte) 0xf9, 4, flags, 10, 0, (byte) transparent, 0};
  }

  /** An image whose pixels are all behind a clear code, so that all codes have three bits. */
  private static byte[] image(int x, int y, int width, int height, int... pixels) {
    int[] codes = new int[2 * pixels.length + 1];
    for (int i = 0; i < pixels.length; i++) {
      codes[2 * i] = 4;
      codes[2 * i + 1] = pixels[i];
    }
    codes[2 * pixels.length] = 5;
    byte[] image = imageOf(width, height, 2, codes(3, codes));
    image[1] = (byte) x;
    image[3] = (byte) y;
    return image;
  }

  private static byte[] imageOf(int width, int height, int bits, byte[] codes) {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    image.writeBytes(new byte[] {0x2c, 0, 0, 0, 0, (byte) width, 0, (byte) height, 0, 0});
    image.write(bits);
    image.write(codes.length);
    image.writeBytes(codes);
    image.write(0);
    return image.toByteArray();
  }

  private static byte[] codes(int bits, int... codes) {
    byte[] packed = new byte[(codes.length * bits + 7) / 8];
    for (int i = 0; i < codes.length * bits; i++) {
      packed[i / 8] |= (byte) ((codes[i / bits] >> i % bits & 1) << i % 8);
    }
    return packed;
  }
}
