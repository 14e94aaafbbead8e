package dev.showo2.media;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngWriterTest {

  @TempDir Path directory;

  @Test
  void textAndPixelsComeBack() {
    Map<String, String> settings =
        Map.of(
            "prompt", "a big red circle on a white background.",
            "prompt (Chinese)", "白色背景上面有一个大红色圆形。",
            "emoji", "🙂\n§ two lines",
            "Latin-1", "café ÿ\nsecond line",
            "control", "tab\tbell\u0007next line\u0085",
            "seed", "42",
            "empty", "",
            "long", "x".repeat(100_000));
    BufferedImage image = MediaFixtures.noise(31, 17, 5);
    Path file = directory.resolve("out.png");
    PngWriter.write(image, new PngText(settings), file);

    assertEquals(settings, PngText.read(file).entries());
    assertArrayEquals(pixels(image), pixels(ImageDecoder.read(file)));
    assertEquals(List.of("out.png"), names());
  }

  @Test
  void chineseIsStoredAsInternationalTextAndLatinAsPlainText() {
    String chinese = "白色";
    PngText text = new PngText(Map.of("a", chinese, "b", "plain"));
    String file = new String(PngWriter.encode(MediaFixtures.noise(2, 2, 1), text), ISO_8859_1);
    String utf8 = new String(chinese.getBytes(UTF_8), ISO_8859_1);
    assertTrue(file.contains("iTXta\0\0\0\0\0" + utf8));
    assertTrue(file.contains("tEXtb\0plain"));
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_ARGB})
  void imagesOfOtherTypesAreWritten(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(1, 1, 0xffffffff);
    BufferedImage back = ImageDecoder.decode(PngWriter.encode(image, PngText.NONE), "memory");
    assertEquals(0xffffffff, back.getRGB(1, 1));
    assertEquals(0xff000000, back.getRGB(0, 0));
  }

  @Test
  void existingFileIsReplaced() throws IOException {
    Path file = Files.writeString(directory.resolve("out.png"), "old");
    PngWriter.write(MediaFixtures.noise(2, 2, 1), PngText.NONE, file);
    assertEquals(2, ImageDecoder.read(file).getWidth());
  }

  @Test
  void missingDirectoryIsNamed() {
    Path file = directory.resolve("none").resolve("out.png");
    assertEquals(
        "cannot write an image to " + file + ": its directory does not exist; create it first",
        writeError(file));
  }

  @Test
  void directoryAsTargetIsNamed() {
    assertEquals(
        "cannot write an image to " + directory + ": it is a directory; name a file in it",
        writeError(directory));
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path file = Files.writeString(directory.resolve("real.png"), "old");
    Path link = Files.createSymbolicLink(directory.resolve("link.png"), file);
    PngWriter.write(MediaFixtures.noise(2, 2, 1), PngText.NONE, link);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(2, ImageDecoder.read(file).getWidth());
  }

  @Test
  void pathsThatAreNoFileAreNotReplaced() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTrue(writeError(pipe).endsWith("it is a device or the like; name a plain file"));
    assertEquals(List.of("pipe"), names());
  }

  @Test
  void failedWriteLeavesNothingBehind() {
    // The temporary file can be written, but not moved to a name that is too long for any disk.
    Path file = directory.resolve("x".repeat(300) + ".png");
    String message =
        assertThrows(
                UncheckedIOException.class,
                () -> PngWriter.write(MediaFixtures.noise(2, 2, 1), PngText.NONE, file))
            .getMessage();
    assertTrue(message.startsWith("cannot write an image to " + file + ": "), message);
    assertEquals(List.of(), names());
  }

  @Test
  void charactersThatPngCannotStoreAreReplaced() {
    PngText text = new PngText(Map.of("k", "a\0b\ud83dc\ude42"));
    assertEquals("a\ufffdb\ufffdc\ufffd", text.entries().get("k"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " k", "k ", "a  b", "白", "a\nb"})
  void keywordsThatPngForbidsAreRefused(String keyword) {
    assertThrows(IllegalArgumentException.class, () -> new PngText(Map.of(keyword, "v")));
  }

  @Test
  void longKeywordIsRefused() {
    assertEquals(1, new PngText(Map.of("k".repeat(79), "v")).entries().size());
    assertThrows(IllegalArgumentException.class, () -> new PngText(Map.of("k".repeat(80), "v")));
  }

  @Test
  void textOfAnotherFileIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("note.png"), "GIF89a and more");
    assertEquals(
        "a PNG image was expected, but "
            + file
            + " begins with 47 49 46 38 39 61 20 61 \"GIF89a a\"",
        assertThrows(InvalidRequestException.class, () -> PngText.read(file)).getMessage());
    Path missing = directory.resolve("none.png");
    assertEquals(
        "a PNG image was expected, but there is no file " + missing,
        assertThrows(InvalidRequestException.class, () -> PngText.read(missing)).getMessage());
    Path cut = directory.resolve("cut.png");
    Files.write(cut, new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0});
    assertThrows(InvalidRequestException.class, () -> PngText.read(cut));
  }

  @Test
  void compressedTextAndTextBehindThePixelsIsRead() throws IOException {
    byte[] png = PngWriter.encode(MediaFixtures.noise(2, 2, 1), PngText.NONE);
    Path file = directory.resolve("text.png");
    try (OutputStream output = Files.newOutputStream(file)) {
      output.write(png, 0, 33); // signature and header
      chunk(output, "zTXt", latin1("a\0\0"), deflate("café".getBytes(ISO_8859_1)));
      chunk(output, "tEXt", latin1("not  a keyword\0text"));
      chunk(output, "tEXt", latin1("a keyword\0twice"));
      output.write(png, 33, png.length - 33 - 12);
      chunk(output, "iTXt", latin1("b\0\1\0zh\0\0"), deflate("白色".getBytes(UTF_8)));
      chunk(output, "tEXt", latin1("a keyword\0last"));
      output.write(png, png.length - 12, 12);
    }
    assertEquals(Map.of("a", "café", "b", "白色", "a keyword", "last"), PngText.read(file).entries());
  }

  @Test
  void textThatInflatesWithoutLimitIsRefused() throws IOException {
    byte[] png = PngWriter.encode(MediaFixtures.noise(2, 2, 1), PngText.NONE);
    Path file = directory.resolve("bomb.png");
    try (OutputStream output = Files.newOutputStream(file)) {
      output.write(png, 0, 33);
      chunk(output, "zTXt", latin1("a\0\0"), deflate(new byte[17 << 20]));
      output.write(png, 33, png.length - 33);
    }
    assertTrue(textError(file).endsWith("its texts have more than 16777216 bytes"));
    assertEquals(2, ImageDecoder.read(file).getWidth());
  }

  @Test
  void corruptTextIsReported() throws IOException {
    byte[] signature = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    Path file = directory.resolve("corrupt.png");
    try (OutputStream output = Files.newOutputStream(file)) {
      output.write(signature);
      chunk(output, "tEXt", latin1("no end of the keyword"));
    }
    assertTrue(textError(file).endsWith("a text chunk ends too early"));
    Files.write(file, signature);
    assertEquals(file + " is a PNG image that ends too early", textError(file));
  }

  private static void chunk(OutputStream output, String type, byte[]... parts) throws IOException {
    int length = Stream.of(parts).mapToInt(part -> part.length).sum();
    output.write(ByteBuffer.allocate(4).putInt(length).array());
    output.write(latin1(type));
    for (byte[] part : parts) {
      output.write(part);
    }
    output.write(new byte[4]); // a checksum that is not read
  }

  private static byte[] deflate(byte[] bytes) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    try (OutputStream deflater = new DeflaterOutputStream(output)) {
      deflater.write(bytes);
    }
    return output.toByteArray();
  }

  private static byte[] latin1(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String textError(Path file) {
    return assertThrows(InvalidRequestException.class, () -> PngText.read(file)).getMessage();
  }

  @Test
  void fileWithoutTextHasNone() {
    assertEquals(Map.of(), PngText.read(MediaFixtures.path("photo.png")).entries());
  }

  @Test
  void settingsOfImageIoAreLeftAlone() {
    assertTrue(ImageIO.getUseCache());
  }

  private String writeError(Path file) {
    return assertThrows(
            InvalidRequestException.class,
            () -> PngWriter.write(MediaFixtures.noise(2, 2, 1), PngText.NONE, file))
        .getMessage();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
