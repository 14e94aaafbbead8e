package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageDecoderTest {

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
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but there is no file " + file,
        message(file));
  }

  @Test
  void directoryIsNamed() {
    assertEquals(
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but "
            + directory
            + " is a directory",
        message(directory));
  }

  @Test
  void otherFileIsShownByItsFirstBytes() throws IOException {
    Path file = Files.writeString(directory.resolve("note.png"), "Hello, world");
    assertEquals(
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but "
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
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but " + file + " is empty",
        message(file));
  }

  @Test
  void truncatedFileIsReportedAsCorrupt() throws IOException {
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
  void everyCorruptByteGivesAnImageOrOneException() {
    byte[] png = PngWriter.encode(MediaFixtures.noise(5, 4, 1), PngText.NONE);
    for (int i = 8; i < png.length; i++) {
      byte[] corrupt = png.clone();
      corrupt[i] ^= 0x55;
      try {
        ImageDecoder.decode(corrupt, "corrupt.png");
      } catch (InvalidRequestException e) {
        assertTrue(e.getMessage().startsWith("corrupt.png"), e.getMessage());
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

  static Stream<JsonObject> filesWithAnOrientation() {
    return MediaFixtures.json("pillow_orientation.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("filesWithAnOrientation")
  void imagesAreTurnedAsPillowTurnsThem(JsonObject expected) {
    byte[] file = Base64.getDecoder().decode(expected.get("file").getAsString());
    BufferedImage image = ImageDecoder.decode(file, "telephone.jpg");
    assertEquals(expected.get("width").getAsInt(), image.getWidth());
    assertEquals(expected.get("height").getAsInt(), image.getHeight());
    StringBuilder rgb = new StringBuilder();
    for (int pixel :
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
      rgb.append(String.format("%06x", pixel & 0xffffff));
    }
    assertEquals(expected.get("rgb").getAsString(), rgb.toString());
  }

  @ParameterizedTest
  @MethodSource("filesWithAnOrientation")
  void damageBeforeThePixelsGivesAnImageOrOneException(JsonObject fixture) {
    byte[] file = Base64.getDecoder().decode(fixture.get("file").getAsString());
    for (int i = 3; i < Math.min(file.length, 120); i++) {
      for (int bits : new int[] {0x01, 0x80, 0xff}) {
        byte[] corrupt = file.clone();
        corrupt[i] ^= (byte) bits;
        try {
          ImageDecoder.decode(corrupt, "corrupt");
        } catch (InvalidRequestException e) {
          assertTrue(e.getMessage().contains("corrupt"), e.getMessage());
        }
      }
    }
  }

  @Test
  void longCommentOfAGifCostsNothing() throws IOException {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    ImageIO.write(MediaFixtures.noise(4, 4, 1), "gif", gif);
    byte[] bytes = gif.toByteArray();
    int head = 13 + (3 << (bytes[10] & 7) + 1);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(bytes, 0, head);
    file.write(0x21);
    file.write(0xfe);
    byte[] block = new byte[256];
    block[0] = (byte) 255;
    for (int i = 0; i < 1 << 16; i++) {
      file.write(block); // 16 MiB, which would take javax.imageio minutes
    }
    file.write(0);
    file.write(bytes, head, bytes.length - head);
    BufferedImage image =
        assertTimeout(
            Duration.ofSeconds(5), () -> ImageDecoder.decode(file.toByteArray(), "comment.gif"));
    assertEquals(ImageDecoder.decode(bytes, "plain.gif").getRGB(3, 3), image.getRGB(3, 3));
  }

  @Test
  void gifWithoutAnImageIsCorrupt() throws IOException {
    byte[] gif = "GIF89a\4\0\4\0\0\0\0;".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(gif, "none.gif"))
            .getMessage()
            .contains("it holds no image"));
  }

  @Test
  void textChunksAreNotRead() {
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
