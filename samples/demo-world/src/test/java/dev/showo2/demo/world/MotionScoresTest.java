package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class MotionScoresTest {

  private static final Motion ASKED =
      new Motion(Shape.SQUARE, Color.RED, Background.WHITE, Size.BIG, Direction.RIGHT);

  private final MotionPrompt prompt = new MotionPrompt("asked", Language.ENGLISH, ASKED);
  private final MotionScores scores = new MotionScores();

  @Test
  void countsEachPartAlone() {
    List<BufferedImage> asked = Clip.framesThroughMiddle(ASKED, 1);
    List<BufferedImage> other =
        Clip.framesThroughMiddle(
            new Motion(Shape.CIRCLE, Color.BLUE, Background.WHITE, Size.BIG, Direction.UP), 1);
    scores.add(prompt, asked);
    scores.add(prompt, other);
    assertEquals(0.5, scores.direction());
    scores.add(prompt, List.of(asked.get(0), other.get(8)));
    scores.add(prompt, List.of(other.get(0), asked.get(8)));
    assertEquals(0.5, scores.shapeOfFirst());
    assertEquals(0.5, scores.shapeOfLast());
    assertEquals(0.5, scores.colorOfFirst());
    assertEquals(0.5, scores.colorOfLast());
    assertEquals(Double.NaN, scores.firstFrameKept());
    assertTrue(scores.toString().endsWith("4 videos"), scores::toString);
  }

  @Test
  void measuresHowWellTheFirstFrameIsKept() {
    List<BufferedImage> frames = Clip.frames(ASKED, 1);
    BufferedImage darker = shifted(frames.get(0), -5);
    BufferedImage muchDarker = shifted(frames.get(0), -15);
    scores.add(prompt, frames, darker);
    scores.add(prompt, frames, muchDarker);
    double expected = (20 * Math.log10(255 / 5.0) + 20 * Math.log10(255 / 15.0)) / 2;
    assertEquals(expected, scores.firstFrameKept(), 1e-9);
    assertTrue(scores.toString().contains("first kept at 29.4 dB"), scores::toString);
  }

  @Test
  void plainFramesHaveNothingRight() {
    BufferedImage plain = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    scores.add(prompt, List.of(plain, plain));
    assertEquals(0, scores.direction());
    assertEquals(0, scores.shapeOfFirst());
    assertEquals(0, scores.colorOfLast());
  }

  @Test
  void refusesToCompareImagesOfTwoSizes() {
    BufferedImage wide = new BufferedImage(128, 64, BufferedImage.TYPE_INT_RGB);
    List<BufferedImage> frames = Clip.frames(ASKED, 1);
    assertEquals(
        "images of one size were expected, found 128x64 and 64x64",
        assertThrows(IllegalArgumentException.class, () -> scores.add(prompt, frames, wide))
            .getMessage());
  }

  /** Every channel moved by as much; the world's colors have room on both sides. */
  private static BufferedImage shifted(BufferedImage image, int by) {
    BufferedImage shifted =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        shifted.setRGB(x, y, image.getRGB(x, y) + by * 0x010101);
      }
    }
    return shifted;
  }
}
