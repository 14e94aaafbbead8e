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

  private static int[] pixels(byte[] file) {
    BufferedImage image = ImageDecoder.decode(file, "x.tiff");
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static void assertRefused(byte[] file, String tag, long value, String message)
      throws Exception {
    byte[] changed = changed(file, tag, value);
    String found =
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(changed, "x.tiff"))
            .getMessage();
    assertTrue(found.contains(message), found);
    assertEquals(
        Optional.empty(),
        UntrustedMedia.readOrRefuse(1 << 20, () -> ImageDecoder.decode(changed, "x.tiff")));
  }

  /** Changes all values of an entry, and its tag if another one follows. */
  private static byte[] changed(byte[] file, String tag, long value) {
    ByteBuffer tiff = ByteBuffer.wrap(file.clone());
    tiff.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    String[] tags = tag.split("=");
    for (int i = 0; i < tiff.getShort(directory); i++) {
      int entry = directory + 2 + 12 * i;
      if (Short.toUnsignedInt(tiff.getShort(entry)) != Integer.parseInt(tags[0])) {
        continue;
      }
      tiff.putShort(entry, (short) Integer.parseInt(tags[tags.length - 1]));
      if (tags.length == 1) {
        // One value for all, which is within the entry.
        tiff.putShort(entry + 2, (short) 4);
        int count = tiff.getInt(entry + 4);
        int at = count == 1 ? entry + 8 : tiff.getInt(entry + 8);
        tiff.putInt(at, (int) value);
      }
      return tiff.array();
    }
    throw new AssertionError("there is no entry " + tag);
  }
}
