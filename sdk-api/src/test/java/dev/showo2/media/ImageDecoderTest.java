package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {

  private static final String CMYK_JPEG =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1b"
          + "aniZgWpxkHNbXYW1hpCeo6utq2eAvMm6pseZqKuk/8AAFAgAAgACBEMRAE0RAFkRAEsRAP/EAB8A"
          + "AAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUS"
          + "ITFBBhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElK"
          + "U1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4"
          + "ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwDo"
          + "66Ct2tqv/9k=";

  @TempDir Path directory;

  @Test
  void photoIsRead() {
    BufferedImage photo = MediaFixtures.photo();
    assertEquals(140, photo.getWidth());
    assertEquals(100, photo.getHeight());
    assertEquals(BufferedImage.TYPE_INT_RGB, photo.getType());
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("nowhere.png");
    assertEquals(
        "a PNG, JPEG, BMP or GIF image was expected, but there is no file " + file, message(file));
  }

  @Test
  void directoryIsNamed() {
    assertEquals(
        "a PNG, JPEG, BMP or GIF image was expected, but " + directory + " is a directory",
        message(directory));
  }

  @Test
  void otherFileIsShownByItsFirstBytes() throws IOException {
    Path file = Files.writeString(directory.resolve("note.png"), "Hello, world");
    assertEquals(
        "a PNG, JPEG, BMP or GIF image was expected, but "
            + file
            + " begins with 48 65 6c 6c 6f 2c 20 77 \"Hello, w\"",
        message(file));
  }

  @Test
  void bytesThatOnlyAWbmpReaderWouldTakeAreNoImage() {
    assertThrows(
        InvalidRequestException.class, () -> ImageDecoder.decode(new byte[] {0, 0, 1, 1, 0}, "x"));
  }

  @Test
  void emptyFileIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("empty.png"));
    assertEquals(
        "a PNG, JPEG, BMP or GIF image was expected, but " + file + " is empty", message(file));
  }

  @Test
  void truncatedFileIsSaidToBeDamaged() throws IOException {
    byte[] png = Files.readAllBytes(MediaFixtures.path("photo.png"));
    for (int length : new int[] {8, 20, 40, png.length / 2}) {
      InvalidRequestException e =
          assertThrows(
              InvalidRequestException.class,
              () -> ImageDecoder.decode(Arrays.copyOf(png, length), "cut.png"));
      assertTrue(
          e.getMessage().startsWith("cut.png begins like a PNG image but cannot be decoded"),
          e.getMessage());
      assertNotNull(e.getCause());
    }
  }

  @Test
  void everyDamagedByteGivesAnImageOrOneException() {
    byte[] png = PngWriter.encode(MediaFixtures.noise(5, 4, 1), PngText.NONE);
    for (int i = 8; i < png.length; i++) {
      byte[] damaged = png.clone();
      damaged[i] ^= 0x55;
      try {
        ImageDecoder.decode(damaged, "damaged.png");
      } catch (InvalidRequestException e) {
        assertTrue(e.getMessage().startsWith("damaged.png"), e.getMessage());
      }
    }
  }

  @Test
  void hugeImageIsRefusedBeforeItIsDecoded() {
    byte[] png = PngWriter.encode(MediaFixtures.noise(5, 4, 1), PngText.NONE);
    byte[] huge = png.clone();
    huge[17] = 1; // width 65541
    huge[22] = 9; // height 2308
    assertEquals(
        "huge.png claims to have 65541x2308 pixels;"
            + " from 1 to 100000000 are read, so scale it down first",
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(huge, "huge.png"))
            .getMessage());
  }

  @Test
  void cmykIsRefusedAndNotGuessed() {
    byte[] jpeg = Base64.getDecoder().decode(CMYK_JPEG);
    assertEquals(
        "print.jpg has 4 colour components that are neither RGB nor gray; convert it to RGB first",
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(jpeg, "print.jpg"))
            .getMessage());
  }

  @Test
  void textBesideThePixelsIsNotRead() {
    String broken = "tEXt".concat("no keyword and no end");
    byte[] png = PngWriter.encode(MediaFixtures.noise(5, 4, 1), PngText.NONE);
    byte[] chunk = broken.getBytes(StandardCharsets.ISO_8859_1);
    byte[] file = new byte[png.length + chunk.length + 8];
    System.arraycopy(png, 0, file, 0, 33);
    file[36] = (byte) (chunk.length - 4);
    System.arraycopy(chunk, 0, file, 37, chunk.length);
    System.arraycopy(png, 33, file, 41 + chunk.length, png.length - 33);
    assertEquals(5, ImageDecoder.decode(file, "text.png").getWidth());
  }

  private static String message(Path file) {
    return assertThrows(InvalidRequestException.class, () -> ImageDecoder.read(file)).getMessage();
  }
}
