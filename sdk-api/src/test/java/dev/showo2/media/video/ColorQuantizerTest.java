package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColorQuantizerTest {

  @Test
  void fewColorsStayAsTheyAre() {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, i * 65793 ^ 0x0f3355);
    }
    BufferedImage indexed = ColorQuantizer.quantize(image);
    assertEquals(0, Clips.meanDifference(image, indexed));
    assertEquals(256, ((IndexColorModel) indexed.getColorModel()).getMapSize());
  }

  @Test
  void oneColorNeedsOne() {
    BufferedImage indexed = ColorQuantizer.quantize(Clips.plain(5, 5, 0x123456));
    assertEquals(1, ((IndexColorModel) indexed.getColorModel()).getMapSize());
    assertEquals(0xff123456, indexed.getRGB(4, 4));
  }

  @Test
  void slopesComeClose() {
    BufferedImage image = Clips.smooth(200, 200, 1).get(0);
    BufferedImage indexed = ColorQuantizer.quantize(image);
    assertEquals(256, ((IndexColorModel) indexed.getColorModel()).getMapSize());
    double difference = Clips.meanDifference(image, indexed);
    assertTrue(difference < 3.5, "mean difference " + difference);
  }

  @Test
  void rareColorAmongManyIsKept() {
    BufferedImage image = Clips.smooth(100, 100, 1).get(0);
    for (int i = 0; i < 9; i++) {
      image.setRGB(50 + i % 3, 50 + i / 3, 0xff00ff);
    }
    BufferedImage indexed = ColorQuantizer.quantize(image);
    int kept = indexed.getRGB(51, 51);
    assertTrue((kept >> 16 & 0xff) > 240 && (kept & 0xff) > 240 && (kept >> 8 & 0xff) < 15);
  }

  @Test
  void noiseIsNoTrouble() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(3);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, random.nextInt());
    }
    double difference = Clips.meanDifference(image, ColorQuantizer.quantize(image));
    assertTrue(difference < 15, "mean difference " + difference);
  }

  /** Whose means differ in the last bits of a double or not at all. */
  @Test
  void colorsOfOneBinAreNotCut() {
    BufferedImage image = new BufferedImage(300, 1, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 300; i++) {
      // 512 colors, eight of them in each of 64 bins.
      image.setRGB(i, 0, (i & 7) << 16 | (i >> 3 & 7) << 8 | i >> 6 & 7);
    }
    BufferedImage indexed = ColorQuantizer.quantize(image);
    assertTrue(Clips.meanDifference(image, indexed) < 2);
  }
}
