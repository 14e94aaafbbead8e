package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.MediaFixtures;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RgbRowsTest {

  static Stream<JsonObject> filesThatPillowRead() {
    return MediaFixtures.json("pillow_modes.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("filesThatPillowRead")
  void filesOfAllKindsReadAsPillowReadsThem(JsonObject expected) {
    String name = expected.get("name").getAsString();
    byte[] file = Base64.getDecoder().decode(expected.get("file").getAsString());
    BufferedImage image = ImageDecoder.decode(file, name);
    assertEquals(BufferedImage.TYPE_INT_RGB, image.getType());
    assertEquals(expected.get("rgb").getAsString(), HexFormat.of().formatHex(allRows(image)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_INT_BGR,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void colorsOfEveryTypeComeOutUnchanged(int type) {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, 0x00123456); // fully transparent where there is alpha
    image.setRGB(1, 0, 0xfffedcba);
    assertArrayEquals(HexFormat.of().parseHex("123456fedcba"), allRows(image));
  }

  @Test
  void grayIsCopiedAndNotConvertedByItsColorSpace() {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    byte[] rgb = allRows(image);
    for (int i = 0; i < rgb.length; i++) {
      assertEquals(i / 3, rgb[i] & 0xff);
    }
  }

  @Test
  void highByteOf16BitGrayCounts() {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 0x7fff);
    image.getRaster().setSample(1, 0, 0, 0xff80);
    assertArrayEquals(HexFormat.of().parseHex("7f7f7fffffff"), allRows(image));
  }

  @Test
  void premultipliedAlphaIsUndone() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
    image.setRGB(0, 0, 0x80ff0000);
    assertArrayEquals(HexFormat.of().parseHex("ff0000"), allRows(image));
  }

  @Test
  void paletteColorsAreLookedUp() {
    byte[] palette = HexFormat.of().parseHex("0a141e28323c");
    IndexColorModel colors = new IndexColorModel(1, 2, palette, 0, false);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY, colors);
    image.getRaster().setSample(1, 0, 0, 1);
    assertArrayEquals(HexFormat.of().parseHex("0a141e28323c0a141e"), allRows(image));
  }

  @Test
  void linearProfileIsNotApplied() {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB),
            false,
            false,
            ComponentColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {10, 100, 200});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertArrayEquals(HexFormat.of().parseHex("0a64c8"), allRows(image));
  }

  @Test
  void partOfAnImageIsReadFromItsOwnOrigin() {
    BufferedImage gray = new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(1, 2, 0, 9);
    assertArrayEquals(new byte[] {0, 0, 0, 9, 9, 9}, allRows(gray.getSubimage(1, 1, 1, 2)));
  }

  private static byte[] allRows(BufferedImage image) {
    RgbRows rows = RgbRows.of(image);
    byte[] all = new byte[3 * rows.width() * rows.height()];
    byte[] row = new byte[3 * rows.width()];
    for (int y = 0; y < rows.height(); y++) {
      rows.read(y, row);
      System.arraycopy(row, 0, all, y * row.length, row.length);
    }
    return all;
  }
}
