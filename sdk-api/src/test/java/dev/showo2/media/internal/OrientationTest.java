package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

  /** The upright image of the rows 123 and 456. */
  @ParameterizedTest
  @CsvSource({
    "1, 123456, 3",
    "2, 321654, 3",
    "3, 654321, 3",
    "4, 456123, 3",
    "5, 142536, 2",
    "6, 415263, 2",
    "7, 635241, 2",
    "8, 362514, 2"
  })
  void theEightValuesOfExif(int value, String seen, int width) {
    BufferedImage image = Orientation.ofExif(value).apply(rows("123456", 3));
    assertEquals(width, image.getWidth());
    assertArrayEquals(pixels(rows(seen, width)), pixels(image));
  }

  @Test
  void otherValuesMeanNothing() {
    assertSame(Orientation.NORMAL, Orientation.ofExif(0));
    assertSame(Orientation.NORMAL, Orientation.ofExif(9));
    assertSame(Orientation.NORMAL, Orientation.ofExif(-32768));
  }

  @Test
  void nothingToTurnCopiesNothing() {
    BufferedImage image = rows("12", 1);
    assertSame(image, Orientation.NORMAL.apply(image));
  }

  @Test
  void matricesAreReadByTheirSigns() {
    assertSame(Orientation.TURNED_90_CLOCKWISE, Orientation.ofMatrix(0, 65536, -65536, 0));
    assertSame(Orientation.TURNED_180, Orientation.ofMatrix(-65536, 0, 0, -131072));
    assertSame(Orientation.NORMAL, Orientation.ofMatrix(46341, 46341, -46341, 46341));
    assertSame(Orientation.NORMAL, Orientation.ofMatrix(0, 0, 0, 0));
  }

  private static BufferedImage rows(String digits, int width) {
    BufferedImage image =
        new BufferedImage(width, digits.length() / width, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < digits.length(); i++) {
      image.setRGB(i % width, i / width, digits.charAt(i));
    }
    return image;
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }
}
