package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.UntrustedMedia;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TIFF files that claim what they have not. */
class TiffImageTest {

  private static final byte[] TILED = TiffFuzzTest.tiff(BufferedImage.TYPE_BYTE_GRAY, "LZW", 16);
  private static final byte[] STRIPS =
      TiffFuzzTest.tiff(BufferedImage.TYPE_3BYTE_BGR, "PackBits", 0);

  /** Found by {@link TiffFuzzTest}. */
  private static final String MISREAD =
      "SUkqAAgAAAAKAAABBAABAAAACQAAAAEBBAABAAAABwAAAAIBAAABAQQAAQAAAAcAAAACAQMAAwAAAIYA"
          + "AAADAQMAAQAAAAEAAAAGAQMAAQAAAAIAAAARAQQAAQAAAIwAAAAVAQMAAQAAAAMAAAASAQQAAQAAAAcA"
          + "AAAXAQQAAQAAAL0AAAAcAAgAAAAvAADuxYbj2cX/AMHoDfHwSw==";

  @ParameterizedTest
  @CsvSource({
    "258, 24, it has samples of 24 bits; 1 to 16 are read",
    "258, 0, it has samples of 0 bits; 1 to 16 are read",
    "277, 65535, it has 65535 samples a pixel; 1 to 8 are read",
    "277, 0, it has 0 samples a pixel; 1 to 8 are read",
    "322, 500000000, its tiles of 500000000x16 pixels are much larger than the image",
    "323, 500000000, its tiles of 16x500000000 pixels are much larger than the image",
    "325, 1500000000, the file ends within its pixels",
    "323=257, 16, its directory has the entry 257 twice",
  })
  void claimsOfTilesAreRefusedInLittleMemory(String tag, long value, String message)
      throws Exception {
    assertRefused(TILED, tag, value, message);
  }

  @ParameterizedTest
  @CsvSource({
    "279, 1500000000, the file ends within its pixels",
    "273, 4294967000, the file ends within its pixels",
    "279=65000, 1, it does not say how long its parts are",
    "262, 5, it has the color type 5 with compression 32773",
  })
  void claimsOfStripsAreRefusedInLittleMemory(String tag, long value, String message)
      throws Exception {
    assertRefused(STRIPS, tag, value, message);
  }

  @ParameterizedTest
  @CsvSource({"279=65000, 1", "278, 4294967295", "279, 2000000000"})
  void otherClaimsOfUncompressedFilesDoNoHarm(String tag, long value) {
    byte[] plain = TiffFuzzTest.tiff(BufferedImage.TYPE_BYTE_GRAY, null, 0);
    int[] expected = pixels(plain);
    assertEquals(180, expected.length);
    assertArrayEquals(expected, pixels(changed(plain, tag, value)));
  }

  /** Behind the entry 258, whose type is unknown, the JDK sees others: 2^16 bits a sample. */
  @Test
  void entriesThatTheJdkWouldMisreadAreLeftOut() throws Exception {
    byte[] file = Base64.getDecoder().decode(MISREAD);
    assertEquals(
        Optional.empty(),
        UntrustedMedia.readOrRefuse(1 << 20, () -> ImageDecoder.decode(file, "x.tiff")));
  }

  /** Each points at the whole file, or nearly. */
  @ParameterizedTest
  @CsvSource({
    "256, 1, 1000000, its entry 256 has 1000000 values; 1 to 1 are read",
    "258, 3, 400000, its entry 258 has 400000 values; 1 to 8 are read",
    "278, 4, 0, its entry 278 has 0 values; 1 to 1 are read",
    "278=320, 3, 200000, its entry 320 has 200000 values; 1 to 196608 are read",
    "278=529, 5, 100000, its entry 529 has 100000 values; 1 to 6 are read",
    "258, 4, 3, its entry 258 has values of the TIFF type 4; integers of 16 bits are read",
    "259, 12, 1, its entry 259 has values of the TIFF type 12; integers of 16 bits are read",
    "273, 1, 1000000, its entry 273 has values of the TIFF type 1; integers of 16 or 32 bits are",
    "273, 3, 500000, it has 500000 parts of 540 samples",
    "279, 4, 250000, it has 250000 parts of 540 samples",
  })
  void claimsOfManyValuesAreRefusedInLittleMemory(String tag, int type, int count, String message)
      throws Exception {
    byte[] large = Arrays.copyOf(STRIPS, 1 << 20);
    assertRefused(entry(large, tag, type, count, 0), message);
  }

  /** The JDK knows these as 16 bits only, and would take the defaults. */
  @ParameterizedTest
  @CsvSource({
    "LZW, 259, 5",
    "PackBits, 262, 0",
    "Deflate, 277=317, 2",
    "LZW, 277=317, 2",
    "ZLib, 258, 8",
    "PackBits, 277=266, 2"
  })
  void singleIntegersOfAnyTypeAreRead(String compression, String tag, int value) {
    byte[] file = TiffFuzzTest.tiff(BufferedImage.TYPE_BYTE_GRAY, compression, 0);
    int[] expected = pixels(entry(file, tag, 3, 1, value));
    assertArrayEquals(expected, pixels(entry(file, tag, 4, 1, value)));
    assertArrayEquals(expected, pixels(entry(file, tag, 1, 1, value)));
  }

  @Test
  void integersOfMoreThanSixteenBitsAreRefused() throws Exception {
    assertRefused(
        entry(STRIPS, "259", 4, 1, 0x10001), "its entry 259 is 65537; up to 65535 is read");
  }

  /** The image has 180 pixels, the tile a million. */
  @Test
  void smallImagesMayHaveLargeTiles() {
    int type = BufferedImage.TYPE_3BYTE_BGR;
    assertArrayEquals(
        pixels(TiffFuzzTest.tiff(type, "ZLib", 16)), pixels(TiffFuzzTest.tiff(type, "ZLib", 1024)));
  }

  private static int[] pixels(byte[] file) {
    BufferedImage image = ImageDecoder.decode(file, "x.tiff");
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static void assertRefused(byte[] file, String tag, long value, String message)
      throws Exception {
    assertRefused(changed(file, tag, value), message);
  }

  private static void assertRefused(byte[] changed, String message) throws Exception {
    String found =
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(changed, "x.tiff"))
            .getMessage();
    assertTrue(found.contains(message), found);
    assertEquals(
        Optional.empty(),
        UntrustedMedia.readOrRefuse(
            (1 << 20) + changed.length, () -> ImageDecoder.decode(changed, "x.tiff")));
  }

  /** Changes all values of an entry, and its tag if another one follows. */
  private static byte[] changed(byte[] file, String tag, long value) {
    byte[] changed = file.clone();
    ByteBuffer tiff = ordered(changed);
    int entry = place(tiff, tag);
    if (!tag.contains("=")) {
      // One value for all, which is within the entry.
      tiff.putShort(entry + 2, (short) 4);
      int count = tiff.getInt(entry + 4);
      int at = count == 1 ? entry + 8 : tiff.getInt(entry + 8);
      tiff.putInt(at, (int) value);
    }
    return changed;
  }

  /** Changes an entry to one value, or to a place. */
  private static byte[] entry(byte[] file, String tag, int type, int count, int value) {
    byte[] changed = file.clone();
    ByteBuffer tiff = ordered(changed);
    int entry = place(tiff, tag);
    tiff.putShort(entry + 2, (short) type).putInt(entry + 4, count).putInt(entry + 8, 0);
    if (count == 1 && type == 1) {
      tiff.put(entry + 8, (byte) value);
    } else if (count == 1 && type == 3) {
      tiff.putShort(entry + 8, (short) value);
    } else {
      tiff.putInt(entry + 8, value);
    }
    return changed;
  }

  private static ByteBuffer ordered(byte[] file) {
    return ByteBuffer.wrap(file)
        .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /** Finds an entry, and changes its tag if another one follows. */
  private static int place(ByteBuffer tiff, String tag) {
    int directory = tiff.getInt(4);
    String[] tags = tag.split("=");
    for (int i = 0; i < tiff.getShort(directory); i++) {
      int entry = directory + 2 + 12 * i;
      if (Short.toUnsignedInt(tiff.getShort(entry)) == Integer.parseInt(tags[0])) {
        tiff.putShort(entry, (short) Integer.parseInt(tags[tags.length - 1]));
        return entry;
      }
    }
    throw new AssertionError("there is no entry " + tag);
  }
}
