package dev.showo2.media;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutpaintingTest {

  private static final BufferedImage IMAGE = MediaFixtures.noise(7, 5, 1);

  @ParameterizedTest
  @CsvSource({"2, 3, 4, 1", "8, 0, 0, 0", "0, 1, 0, 0", "0, 0, 3, 0", "0, 0, 0, 6"})
  void newPartsRepeatTheNearestPixelAndAreWhiteInTheMask(int left, int top, int right, int bottom) {
    Outpainting canvas = Outpainting.around(IMAGE, left, top, right, bottom);
    BufferedImage image = canvas.image();
    assertEquals(BufferedImage.TYPE_INT_RGB, image.getType());
    assertEquals(BufferedImage.TYPE_BYTE_GRAY, canvas.mask().getType());
    assertEquals(7 + left + right, image.getWidth());
    assertEquals(5 + top + bottom, image.getHeight());
    assertEquals(image.getWidth(), canvas.mask().getWidth());
    assertEquals(image.getHeight(), canvas.mask().getHeight());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int nearX = Math.min(6, Math.max(0, x - left));
        int nearY = Math.min(4, Math.max(0, y - top));
        assertEquals(IMAGE.getRGB(nearX, nearY), image.getRGB(x, y));
        boolean old = nearX == x - left && nearY == y - top;
        assertEquals(old ? 0 : 255, canvas.mask().getRaster().getSample(x, y, 0));
      }
    }
  }

  @Test
  void grayImagesKeepTheirValues() {
    BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 77);
    assertEquals(0xff4d4d4d, Outpainting.around(gray, 1, 0, 0, 0).image().getRGB(0, 0));
  }

  @Test
  void aLongCanvasIsMade() {
    assertEquals(1_000_000, Outpainting.around(IMAGE, 999_993, 0, 0, 0).image().getWidth());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0", "-1, 2, 0, 0", "0, -1, 2, 0", "0, 0, -5, 9", "1, 1, 1, -1"})
  void roomThatIsNone(int left, int top, int right, int bottom) {
    assertFails(
        InvalidRequestException.class,
        () -> Outpainting.around(IMAGE, left, top, right, bottom),
        "outpainting: at least 0 pixels on each side and 1 in all are needed, found left " + left,
        ", top " + top + ", right " + right + ", bottom " + bottom);
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000_000, Integer.MAX_VALUE})
  void moreThanFits(int pixels) {
    String tooLarge = "outpainting: a canvas of up to 100000000 pixels is made, found ";
    assertFails(
        InvalidRequestException.class,
        () -> Outpainting.around(IMAGE, pixels, 0, 0, 0),
        tooLarge + (7L + pixels) + "x5");
    assertFails(
        InvalidRequestException.class,
        () -> Outpainting.around(IMAGE, 0, pixels, 0, pixels),
        tooLarge + "7x" + (5L + 2L * pixels));
  }

  /** The four of them add up to 0 as 32-bit numbers. */
  @Test
  void sumsThatOverflow() {
    int most = Integer.MAX_VALUE;
    assertFails(
        InvalidRequestException.class,
        () -> Outpainting.around(IMAGE, most, 1, most, 1),
        "found 4294967301x7");
  }

  @Test
  void noImage() {
    assertFails(
        InvalidRequestException.class,
        () -> Outpainting.around(null, 1, 1, 1, 1),
        "image: an image is needed, found null");
  }
}
