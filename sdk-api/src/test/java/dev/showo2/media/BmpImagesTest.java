package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows bitmaps field by field; the expected pixels are those of Pillow 12. */
class BmpImagesTest {

  private static final int HEADER = 54;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 54, 100_000_000, -1})
  void sizeThatTheHeaderClaimsDoesNotMatter(int size) throws IOException {
    BufferedImage image = MediaFixtures.noise(5, 4, 1);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "bmp", file);
    byte[] bytes = file.toByteArray();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(2, size);
    assertArrayEquals(
        MediaFixtures.rgb(image), MediaFixtures.rgb(ImageDecoder.decode(bytes, "x.bmp")));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0000000003020100, 40000000, 000000010203",
    "2, 0000000003020100, 10000000, 000000010203",
    "4, 0000000003020100, 10000000, 010203000000",
    "8, 0000000003020100, 01c80000, 010203000000",
    "16, '', 0f7cff03, ff007b00ffff",
    "24, '', 0102030405060000, 030201060504",
    "32, '', 0102030904050609, 030201060504",
  })
  void bitsOfAllKinds(int bits, String palette, String row, String rgb) {
    assertEquals(rgb, pixels(bmp(2, 1, bits, 0, palette + row)));
  }

  @ParameterizedTest
  @CsvSource({
    "16, 00f80000e00700001f000000, 1ff8e007, ff00ff00ff00",
    "16, 007c0000e00300001f000000, 0f7cff03, ff007b00ffff",
    "16, 000f0000f00000000f000000, 5a0f0000, ff55aa000000",
    "32, 0000ff0000ff0000ff000000, 0102030904050609, 030201060504",
    "32, 000000ff0000ff0000ff0000, 0901020309040506, 030201060504",
    "32, ff00000000ff00000000ff00, 0302010906050409, 030201060504",
    "32, 000000000000000000000000, 0102030904050609, 030201060504",
    "32, 0000f03f00fc0f00ff030000, ff030000ff030000, 0000ff0000ff",
  })
  void masksOfAllKinds(int bits, String masks, String row, String rgb) {
    assertEquals(rgb, pixels(bmp(2, 1, bits, 3, masks + row)));
  }

  @Test
  void rowsMayGoDownwards() {
    assertEquals("030201060504", pixels(bmp(1, -2, 24, 0, "0102030004050600")));
    assertEquals("060504030201", pixels(bmp(1, 2, 24, 0, "0102030004050600")));
  }

  @Test
  void runsAreReadWithEverythingBetweenThem() {
    String colors = "00000000" + "01010100" + "02020200" + "03030300";
    // Two ones, one two; end of row; a jump over one pixel; two pixels as they are; end.
    String runs = "0201" + "0102" + "0000" + "00020100" + "0003030201ff" + "0001";
    byte[] file = bmp(4, 2, 8, 1, colors + runs);
    colors(file, 4);
    assertEquals("000000" + "030303020202010101" + "010101010101020202000000", pixels(file));
    // Of four bits: three pixels of 1, 2 in turn, then an odd number as they are.
    byte[] narrow = bmp(6, 1, 4, 2, colors + "0312" + "000331200000");
    colors(narrow, 4);
    assertEquals("010101020202010101" + "030303010101020202", pixels(narrow));
  }

  @Test
  void imageMayLackItsLastPaddingAndItsEndOfRuns() {
    assertEquals("030201", pixels(bmp(1, 1, 24, 0, "010203")));
    byte[] file = bmp(2, 1, 8, 1, "0000000001010100" + "0201");
    colors(file, 2);
    assertEquals("010101010101", pixels(file));
  }

  @Test
  void whatIsMissingOrOfAnotherKindIsNamed() {
    byte[] file = bmp(2, 2, 24, 0, "01020304050600000102030405060000");
    for (int length = 14; length < file.length - 2; length++) {
      assertTrue(refusal(Arrays.copyOf(file, length)).contains("the file ends"), "" + length);
    }
    assertTrue(refusal(bmp(1, 1, 24, 4, "")).contains("compression 4"));
    assertTrue(refusal(bmp(1, 1, 7, 0, "")).contains("7 bits"));
    assertTrue(refusal(bmp(1, 1, 32, 3, "0500000000ff00000000ff0000000000")).contains("gaps"));
    assertTrue(refusal(bmp(-1, 1, 24, 0, "")).contains("scale it down"));
    assertTrue(refusal(bmp(1, Integer.MIN_VALUE, 24, 0, "")).contains("scale it down"));
    byte[] header = file.clone();
    header[14] = 41;
    assertTrue(refusal(header).contains("41 bytes"));
  }

  private static void colors(byte[] file, int count) {
    file[46] = (byte) count;
    file[10] = (byte) (HEADER + 4 * count);
  }

  private static String refusal(byte[] file) {
    return assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(file, "x.bmp"))
        .getMessage();
  }

  private static String pixels(byte[] file) {
    return HexFormat.of().formatHex(MediaFixtures.rgb(ImageDecoder.decode(file, "x.bmp")));
  }

  private static byte[] bmp(int width, int height, int bits, int compression, String rest) {
    byte[] content = HexFormat.of().parseHex(rest);
    int palette = bits <= 8 && compression == 0 ? 8 : 0;
    int masks = compression == 3 ? 12 : 0;
    ByteBuffer file = ByteBuffer.allocate(HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0);
    file.putInt(HEADER + palette + masks).putInt(40).putInt(width).putInt(height);
    file.putShort((short) 1).putShort((short) bits).putInt(compression);
    file.putInt(46, palette / 4);
    return file.put(HEADER, content).array();
  }
}
