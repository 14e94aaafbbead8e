package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks of edits as files: the left half may change. */
class MaskFileTest {

  @TempDir Path directory;

  private void requireLeftHalf(BufferedImage image, String format) throws IOException {
    Path file = directory.resolve("mask." + format);
    ImageIO.write(image, format, file.toFile());
    BufferedImage mask = ImageDecoder.readMask(file);
    assertEquals(BufferedImage.TYPE_INT_RGB, mask.getType());
    assertEquals(16, mask.getWidth());
    for (int y = 0; y < 8; y++) {
      assertEquals(255, mask.getRGB(2, y) & 0xff, 3);
      assertEquals(0, mask.getRGB(13, y) & 0xff, 3);
    }
  }

  @Test
  void pngWithAHole() throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 16 * 8; i++) {
      image.setRGB(i % 16, i / 16, i % 16 < 8 ? 0x00ff8000 : 0xff000000 | 0x102030 * (i / 16));
    }
    requireLeftHalf(image, "png");
  }

  @Test
  void gifWithATransparentColor() throws IOException {
    byte[] levels = {90, 100};
    IndexColorModel palette = new IndexColorModel(1, 2, levels, levels, levels, 1);
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_BINARY, palette);
    for (int i = 0; i < 16 * 8; i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, i % 16 < 8 ? 1 : 0);
    }
    requireLeftHalf(image, "gif");
    requireLeftHalf(image, "png");
  }

  /** The JDK's reader refuses images of a palette over it. */
  @Test
  void pngWithAnEmptyText() throws IOException {
    byte[] levels = {0, -1};
    IndexColorModel palette = new IndexColorModel(1, 2, levels, levels, levels);
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_BYTE_BINARY, palette);
    for (int i = 0; i < 16 * 8; i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, i % 16 < 8 ? 1 : 0);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    byte[] type = "tEXt".getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    int behindHeader = 33;
    // Behind the end, a length that leads back to where it is.
    ByteBuffer file = ByteBuffer.allocate(png.size() + 12 + 16).putInt(png.size() + 12, -12);
    file.put(png.toByteArray(), 0, behindHeader);
    file.putInt(0).put(type).putInt((int) sum.getValue());
    file.put(png.toByteArray(), behindHeader, png.size() - behindHeader);
    Path path = Files.write(directory.resolve("text.png"), file.array());
    BufferedImage mask = ImageDecoder.readMask(path);
    assertEquals(0xffffff, mask.getRGB(2, 3) & 0xffffff);
    assertEquals(0, mask.getRGB(13, 3) & 0xffffff);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void whiteOnBlack(String format) throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 16 * 8; i++) {
      image.setRGB(i % 16, i / 16, i % 16 < 8 ? 0xffffff : 0);
    }
    requireLeftHalf(image, format);
  }

  @Test
  void otherFormatsAreRefused() {
    Path file = MediaFixtures.path("grid.avif");
    assertEquals(
        "mask: a PNG, JPEG, BMP or GIF image was expected, whose alpha can be read, but "
            + file
            + " is an AVIF image; save it as PNG",
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.readMask(file))
            .getMessage());
  }
}
