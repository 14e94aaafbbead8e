package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PNG files chunk by chunk; the expected pixels are those of Pillow 12. */
class PngImagesTest {

  private static final byte[] EMPTY = {};
  private static final String COLORS = "0a141e28323c";

  private static final byte[] TURNED =
      HexFormat.of().parseHex("4d4d002a000000080001011200030000000100060000000000");

  @ParameterizedTest
  @CsvSource({
    "1, 0, aa80, 9, ffffff000000ffffff000000ffffff000000ffffff000000ffffff",
    "2, 0, 1b, 4, 000000555555aaaaaaffffff",
    "4, 0, 1b, 2, 111111bbbbbb",
    "16, 0, 12ff8001, 2, 121212808080",
    "16, 4, 12ff00008001ffff, 2, 121212808080",
    "16, 2, 12ff80017fff, 1, 12807f",
    "16, 6, 12ff80017fff0000, 1, 12807f",
    "8, 6, 01020300040506ff, 2, 010203040506",
    "8, 3, 000102c8, 4, 0a141e28323c000000000000",
    "2, 3, 1b, 4, 0a141e28323c000000000000",
  })
  void samplesOfAllDepths(int bits, int color, String row, int width, String expected) {
    byte[] palette = color == 3 ? palette() : EMPTY;
    byte[] file = png(width, 1, bits, color, palette, rows("00" + row), EMPTY);
    assertEquals(expected, pixels(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3})
  void chunksThatHaveNothingToDoWithPixelsDoNoHarm(int color) {
    String row = color == 2 ? "000a141e" : "0000";
    byte[][] odd = {
      chunk("tEXt", EMPTY),
      chunk("tEXt", latin("Comment without an end")),
      chunk("iTXt", latin("Comment\0\0")),
      chunk("zTXt", latin("Comment\0\0garbage")),
      chunk("zTXt", latin("Raw profile type exif\0\0garbage")),
      chunk("tEXt", latin("Raw profile type exif\0\nexif\n 4\nno digits")),
      chunk("tEXt", latin("Raw profile type exif\0")),
      chunk("iTXt", latin("XML:com.adobe.xmp\0\1\0\0\0garbage")),
      chunk("iTXt", latin("XML:com.adobe.xmp\0")),
      chunk("iCCP", latin("x\0\0garbage")),
      chunk("pHYs", new byte[3]),
      chunk("tIME", new byte[3]),
      chunk("bKGD", EMPTY),
      chunk("sPLT", latin("x")),
      chunk("hIST", new byte[35]),
      chunk("tRNS", new byte[300]),
      chunk("gAMA", new byte[4]),
      chunk("sRGB", EMPTY),
      chunk("eXIf", new byte[2]),
      chunk("ABCD", new byte[9]),
      damaged(chunk("gAMA", new byte[4])),
    };
    for (byte[] each : odd) {
      byte[] palette = color == 3 ? palette() : EMPTY;
      String name = new String(each, StandardCharsets.ISO_8859_1);
      String expected = color == 0 ? "000000" : "0a141e";
      byte[] before = png(1, 1, 8, color, join(each, palette), rows(row), EMPTY);
      assertEquals(expected, pixels(before), name);
      byte[] behind = png(1, 1, 8, color, palette, rows(row), each);
      assertEquals(expected, pixels(behind), name);
    }
  }

  @Test
  void orientationIsFoundWherePillowLooksForIt() {
    String profile = "\nexif\n      26\n" + HexFormat.of().formatHex(TURNED) + "\n";
    byte[] keyword = latin("Raw profile type exif\0");
    byte[] xmp = latin("<x tiff:Orientation=\"6\"/>");
    byte[] xmpKeyword = latin("XML:com.adobe.xmp\0");
    byte[][] turning = {
      chunk("eXIf", TURNED),
      chunk("tEXt", join(keyword, latin(profile))),
      chunk("zTXt", join(keyword, join(new byte[1], rows(profile.getBytes())))),
      chunk("tEXt", join(keyword, latin(profile.replace("4d4d", "457869660000\n4d4d")))),
      chunk("iTXt", join(xmpKeyword, join(new byte[4], xmp))),
      chunk("iTXt", join(xmpKeyword, join(new byte[] {1, 0, 0, 0}, rows(xmp)))),
      chunk("tEXt", join(xmpKeyword, xmp)),
      chunk("tEXt", join(xmpKeyword, latin("<tiff:Orientation>6</tiff:Orientation>"))),
    };
    for (byte[] each : turning) {
      String name = new String(each, StandardCharsets.ISO_8859_1);
      byte[] before = png(2, 1, 8, 0, each, rows("000907"), EMPTY);
      assertEquals(2, ImageDecoder.decode(before, name).getHeight(), name);
      byte[] behind = png(2, 1, 8, 0, EMPTY, rows("000907"), each);
      assertEquals(2, ImageDecoder.decode(behind, name).getHeight(), name);
    }
  }

  @Test
  void textThatInflatesWithoutEndCostsNothing() {
    byte[] bomb = rows(new byte[200 << 20]);
    for (String keyword : new String[] {"Comment", "Raw profile type exif", "XML:com.adobe.xmp"}) {
      byte[] text = chunk("zTXt", join(latin(keyword + "\0\0"), bomb));
      byte[] file = png(1, 1, 8, 3, join(text, palette()), rows("0001"), EMPTY);
      assertEquals("28323c", pixels(file));
    }
  }

  @Test
  void everyFilterAndInterlacingGiveTheSamePixels() {
    BufferedImage image = MediaFixtures.noise(13, 11, 5);
    byte[] rgb = MediaFixtures.rgb(image);
    assertArrayEquals(rgb, rgb(png(13, 11, 8, 2, EMPTY, rows(filtered(rgb, 13, 11)), EMPTY)));
    byte[] passes = interlaced(rgb, 13, 11);
    byte[] file = png(13, 11, 8, 2, EMPTY, rows(passes), EMPTY);
    file[28] = 1;
    sum(file, 8);
    assertArrayEquals(rgb, rgb(file));
  }

  @Test
  void pixelsInManyPiecesAreRead() {
    byte[] data = rows("000907");
    byte[] split = EMPTY;
    for (byte each : data) {
      split = join(split, join(chunk("IDAT", EMPTY), chunk("IDAT", new byte[] {each})));
    }
    byte[] file = png(2, 1, 8, 0, EMPTY, EMPTY, EMPTY);
    int at = file.length - 24;
    byte[] whole = join(join(Arrays.copyOf(file, at), split), chunk("IEND", EMPTY));
    assertEquals("090909070707", pixels(whole));
  }

  @Test
  void whatIsMissingOrDamagedIsNamed() {
    byte[] good = png(2, 2, 8, 0, EMPTY, rows("000907000101"), EMPTY);
    for (int length = 8; length < good.length - 24; length++) {
      assertTrue(
          refusal(Arrays.copyOf(good, length)).contains("the file ends"), "cut at " + length);
    }
    assertEquals("090909070707010101010101", pixels(Arrays.copyOf(good, good.length - 16)));
    assertRefused("the file ends within its pixels", png(2, 2, 8, 0, EMPTY, rows("000907"), EMPTY));
    assertRefused("filter 5", png(1, 1, 8, 0, EMPTY, rows("0509"), EMPTY));
    assertRefused("no palette", png(1, 1, 8, 3, EMPTY, rows("0000"), EMPTY));
    assertRefused("color type 2 with 1 bits", png(1, 1, 1, 2, EMPTY, rows("0000"), EMPTY));
    assertRefused("damaged", damagedData(good));
    byte[] header = good.clone();
    header[29] ^= 1;
    assertRefused("checksum of its chunk IHDR", header);
  }

  private static byte[] damagedData(byte[] good) {
    byte[] damaged = good.clone();
    damaged[good.length - 18] ^= 1; // in the checksum of the pixels
    return damaged;
  }

  private static void assertRefused(String why, byte[] file) {
    assertTrue(refusal(file).contains(why), refusal(file));
  }

  private static String refusal(byte[] file) {
    return assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(file, "x.png"))
        .getMessage();
  }

  private static String pixels(byte[] file) {
    return HexFormat.of().formatHex(rgb(file));
  }

  private static byte[] rgb(byte[] file) {
    return MediaFixtures.rgb(ImageDecoder.decode(file, "x.png"));
  }

  /** Each row with the next one of the five filters. */
  private static byte[] filtered(byte[] rgb, int width, int height) {
    int stride = 3 * width;
    byte[] rows = new byte[(stride + 1) * height];
    for (int y = 0, to = 0; y < height; y++) {
      rows[to++] = (byte) (y % 5);
      for (int i = 0; i < stride; i++) {
        int at = y * stride + i;
        int left = i < 3 ? 0 : rgb[at - 3] & 0xff;
        int above = y == 0 ? 0 : rgb[at - stride] & 0xff;
        int corner = i < 3 || y == 0 ? 0 : rgb[at - stride - 3] & 0xff;
        int expected = left + above - corner;
        int nearest = left;
        for (int each : new int[] {above, corner}) {
          if (Math.abs(each - expected) < Math.abs(nearest - expected)) {
            nearest = each;
          }
        }
        int[] predicted = {0, left, above, (left + above) / 2, nearest};
        rows[to++] = (byte) (rgb[at] - predicted[y % 5]);
      }
    }
    return rows;
  }

  private static byte[] interlaced(byte[] rgb, int width, int height) {
    int[][] passes = {
      {0, 0, 8, 8},
      {4, 0, 8, 8},
      {0, 4, 4, 8},
      {2, 0, 4, 4},
      {0, 2, 2, 4},
      {1, 0, 2, 2},
      {0, 1, 1, 2}
    };
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    for (int[] pass : passes) {
      for (int y = pass[1]; y < height; y += pass[3]) {
        rows.write(0);
        for (int x = pass[0]; x < width; x += pass[2]) {
          rows.write(rgb, 3 * (y * width + x), 3);
        }
      }
    }
    return rows.toByteArray();
  }

  private static byte[] palette() {
    return chunk("PLTE", HexFormat.of().parseHex(COLORS));
  }

  private static byte[] rows(String hex) {
    return rows(HexFormat.of().parseHex(hex));
  }

  private static byte[] rows(byte[] rows) {
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }

  private static byte[] png(
      int width, int height, int bits, int color, byte[] before, byte[] data, byte[] behind) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) bits).put((byte) color);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(latin("\u0089PNG\r\n\u001a\n"));
    file.writeBytes(chunk("IHDR", header.array()));
    file.writeBytes(before);
    file.writeBytes(chunk("IDAT", data));
    file.writeBytes(behind);
    file.writeBytes(chunk("IEND", EMPTY));
    return file.toByteArray();
  }

  private static byte[] chunk(String type, byte[] content) {
    byte[] chunk =
        ByteBuffer.allocate(12 + content.length)
            .putInt(content.length)
            .put(latin(type))
            .put(content)
            .array();
    sum(chunk, 0);
    return chunk;
  }

  private static void sum(byte[] file, int chunk) {
    ByteBuffer buffer = ByteBuffer.wrap(file);
    int length = buffer.getInt(chunk);
    CRC32 sum = new CRC32();
    sum.update(file, chunk + 4, 4 + length);
    buffer.putInt(chunk + 8 + length, (int) sum.getValue());
  }

  private static byte[] damaged(byte[] chunk) {
    chunk[chunk.length - 1] ^= 1;
    return chunk;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
