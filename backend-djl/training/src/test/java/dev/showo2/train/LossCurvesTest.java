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
      if (image.getRGB(column, y) == MEAN) {
        return y;
      }
    }
    throw new AssertionError("no curve in column " + column);
  }

  @Test
  void aLossThatFallsIsACurveThatFalls() throws IOException {
    for (int steps : new int[] {7, 5000}) {
      BufferedImage image = draw(steps);
      int left = row(image, 10);
      int middle = row(image, image.getWidth() / 2);
      int right = row(image, image.getWidth() - 12);
      assertTrue(left < middle && middle < right, left + " " + middle + " " + right);
      assertTrue(right < LossCurves.PANEL + 10, "within its panel");
    }
  }

  @Test
  void aSingleStepIsDrawn() throws IOException {
    BufferedImage image = draw(1);
    assertEquals(row(image, 10), row(image, image.getWidth() - 12));
  }
}
