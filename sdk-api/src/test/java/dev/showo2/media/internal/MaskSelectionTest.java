package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks of two columns: the left one is what an image program shows, the right one transparent. */
class MaskSelectionTest {

  private static BufferedImage mask(int type, int... argb) {
    BufferedImage mask = new BufferedImage(argb.length, 1, type);
    mask.setRGB(0, 0, argb.length, 1, argb, 0, argb.length);
    return mask;
  }

  private static int[] selected(BufferedImage mask) {
    BufferedImage selection = MaskSelection.of(mask);
    return selection.getRaster().getPixels(0, 0, mask.getWidth(), 1, (int[]) null);
  }

  private static void assertSelects(String expected, BufferedImage mask) {
    StringBuilder found = new StringBuilder();
    for (int value : selected(mask)) {
      found.append(found.isEmpty() ? "" : " ").append(value);
    }
    assertEquals(expected, found.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
  void transparentPixelsOfAnImageMayChange(int type) {
    assertSelects("0 255 127 0", mask(type, 0xffff8000, 0x00ff8000, 0x80204060, 0xffffffff));
  }

  /** The mask that others ask for where they want no image: opaque black with a hole. */
  @Test
  void transparentPixelsOfBlackMayChange() {
    assertSelects("0 255", mask(BufferedImage.TYPE_INT_ARGB, 0xff000000, 0));
  }

  @Test
  void transparentColorOfAPaletteMayChange() {
    byte[] levels = {10, 100};
    IndexColorModel palette = new IndexColorModel(1, 2, levels, levels, levels, 1);
    BufferedImage mask = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    mask.getRaster().setSample(1, 0, 0, 1);
    assertSelects("0 255", mask);
  }

  @Test
  void opaqueMasksStayWhatTheyAre() {
    for (int type : new int[] {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_INT_RGB}) {
      BufferedImage mask = mask(type, 0xff000000, 0xffffffff);
      assertSame(mask, MaskSelection.of(mask));
    }
  }

  @Test
  void whiteOnATransparentLayerIsRefused() {
    for (int visible : new int[] {0xffffffff, 0x80fdfefd}) {
      assertEquals(
          "mask: white may change in a mask without transparent pixels, transparent may change in"
              + " others, and this one can be meant either way: it has transparent pixels and white"
              + " ones, and no others than black; put it on black and save it without alpha if"
              + " white is what may change, or use the image itself with transparent holes",
          refusal(mask(BufferedImage.TYPE_INT_ARGB, visible, 0xff000000, 0x00ffffff)));
    }
  }

  @Test
  void layersWithoutAnythingAreRefused() {
    assertEquals(
        "mask: white may change in a mask without transparent pixels, transparent may change in"
            + " others, and this one can be meant either way: it has transparent pixels and no"
            + " others; put it on black and save it without alpha if white is what may change, or"
            + " use the image itself with transparent holes",
        refusal(mask(BufferedImage.TYPE_INT_ARGB, 0, 0xffffff)));
  }

  private static String refusal(BufferedImage mask) {
    return assertThrows(InvalidRequestException.class, () -> MaskSelection.of(mask)).getMessage();
  }
}
