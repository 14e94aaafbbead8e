package dev.showo2.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossCurvesTest {

  private static final int GAP = 8;
  private static final int MEAN = 0xff1f77b4;

  @TempDir Path folder;

  private BufferedImage draw(int steps) throws IOException {
    StringBuilder csv = new StringBuilder("step,flow,norm\n");
    for (int step = 1; step <= steps; step++) {
      csv.append(step).append(',').append(1.0 / step).append(",1.0\n");
    }
    Path metrics = Files.writeString(folder.resolve("metrics.csv"), csv);
    Path file = folder.resolve("curves.png");
    LossCurves.draw(metrics, List.of("flow", "norm"), steps, file);
    return ImageIO.read(file.toFile());
  }

  /** The row of the mean in a column, from the top of the image. */
  private static int row(BufferedImage image, int column) {
    for (int y = 0; y < image.getHeight(); y++) {
      if (image.getRGB(LossCurves.LEFT + column, y) == MEAN) {
        return y;
      }
    }
    throw new AssertionError("no curve in column " + column);
  }

  @Test
  void aLossThatFallsIsACurveThatFalls() throws IOException {
    for (int steps : new int[] {7, 5000}) {
      BufferedImage image = draw(steps);
      int left = row(image, 2);
      int middle = row(image, LossCurves.WIDTH / 2);
      int right = row(image, LossCurves.WIDTH - 4);
      assertTrue(left < middle && middle < right, left + " " + middle + " " + right);
      assertTrue(right < LossCurves.PANEL + 10, "within its panel");
    }
  }

  @Test
  void aSingleStepIsDrawn() throws IOException {
    BufferedImage image = draw(1);
    assertEquals(row(image, 2), row(image, LossCurves.WIDTH - 4));
  }

  @Test
  void theScalesAreWritten() throws IOException {
    BufferedImage image = draw(5000);
    assertWritten(image, "0.000200", 0, LossCurves.PANEL - PixelText.HEIGHT);
    assertWritten(image, "0.0141", 0, (LossCurves.PANEL - PixelText.HEIGHT) / 2);
    assertWritten(image, "1.00", 0, 0);
    assertWritten(image, "1.00", 1, LossCurves.PANEL - PixelText.HEIGHT);
  }

  /** Looks at the scale of a panel, left of which nothing stands. */
  private static void assertWritten(BufferedImage image, String text, int panel, int y) {
    int width = LossCurves.LEFT - GAP;
    BufferedImage expected = new BufferedImage(width, PixelText.HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < PixelText.HEIGHT; row++) {
      for (int column = 0; column < width; column++) {
        expected.setRGB(column, row, 0xffffff);
      }
    }
    PixelText.draw(expected, text, width - PixelText.width(text), 0, 0x404040);
    int top = GAP + panel * (LossCurves.PANEL + GAP) + y;
    for (int row = 0; row < PixelText.HEIGHT; row++) {
      for (int column = 0; column < width; column++) {
        assertEquals(
            expected.getRGB(column, row),
            image.getRGB(column, top + row),
            text + " at " + column + ", " + row);
      }
    }
  }
}
