package dev.showo2.demo.world.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.Rgb;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Draws the demo checkpoint's own images again, with center and radius fitted to each. */
class ShapeSceneTest {

  /** Of rounding, and of center and radius that are found to a thousandth of a pixel. */
  private static final int TOLERANCE = 1;

  private static final double FINEST = 0.0005;

  @Test
  void drawsEveryImageOfTheCheckpointToALevel() {
    List<ImageQuestion> all = EvalPrompts.load().questions();
    assertEquals(60, all.size());
    StringBuilder off = new StringBuilder();
    for (ImageQuestion each : all) {
      BufferedImage image = EvalPrompts.image(each.image());
      int worst = largest(fitted(each.shown(), image).draw(), image);
      if (worst > TOLERANCE) {
        off.append(each.image()).append(' ').append(each.shown()).append(' ').append(worst);
        off.append('\n');
      }
    }
    assertEquals("", off.toString());
  }

  private static ShapeScene fitted(Attributes shown, BufferedImage image) {
    Rgb background = median(image, 0, 0, 64, 64, shown.background().rgb());
    Rgb color = median(image, 0, 0, 64, 64, shown.color().rgb());
    ShapeScene best =
        new ShapeScene(
            shown,
            color,
            background,
            shown.position().x(),
            shown.position().y(),
            shown.size().radius());
    double error = squares(best.draw(), image);
    for (double step = 1; step >= FINEST; step /= 2) {
      boolean better = true;
      while (better) {
        better = false;
        for (double[] to :
            new double[][] {
              {step, 0, 0}, {-step, 0, 0}, {0, step, 0}, {0, -step, 0}, {0, 0, step}, {0, 0, -step}
            }) {
          ShapeScene next =
              new ShapeScene(
                  shown,
                  color,
                  background,
                  best.x() + to[0],
                  best.y() + to[1],
                  best.radius() + to[2]);
          double nextError = squares(next.draw(), image);
          if (nextError < error) {
            best = next;
            error = nextError;
            better = true;
          }
        }
      }
    }
    return best;
  }

  /** The color that most pixels near the mean one have. */
  private static Rgb median(BufferedImage image, int x, int y, int right, int bottom, Rgb mean) {
    int[] near =
        Arrays.stream(image.getRGB(x, y, right - x, bottom - y, null, 0, right - x))
            .map(pixel -> pixel & 0xffffff)
            .filter(pixel -> levels(pixel, mean) <= 12)
            .sorted()
            .toArray();
    assertTrue(near.length > 40, "no pixels near " + mean);
    int most = near[0];
    int count = 0;
    int run = 0;
    for (int i = 0; i < near.length; i++) {
      run = i > 0 && near[i] == near[i - 1] ? run + 1 : 1;
      if (run > count) {
        count = run;
        most = near[i];
      }
    }
    return new Rgb(most >> 16, most >> 8 & 255, most & 255);
  }

  private static double levels(int pixel, Rgb mean) {
    return Math.max(
        Math.abs((pixel >> 16) - mean.red()),
        Math.max(
            Math.abs((pixel >> 8 & 255) - mean.green()), Math.abs((pixel & 255) - mean.blue())));
  }

  private static double squares(BufferedImage a, BufferedImage b) {
    double sum = 0;
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        int p = a.getRGB(x, y);
        int q = b.getRGB(x, y);
        for (int shift = 0; shift < 24; shift += 8) {
          int d = (p >> shift & 255) - (q >> shift & 255);
          sum += d * d;
        }
      }
    }
    return sum;
  }

  private static int largest(BufferedImage a, BufferedImage b) {
    int largest = 0;
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          int d = (a.getRGB(x, y) >> shift & 255) - (b.getRGB(x, y) >> shift & 255);
          largest = Math.max(largest, Math.abs(d));
        }
      }
    }
    return largest;
  }
}
