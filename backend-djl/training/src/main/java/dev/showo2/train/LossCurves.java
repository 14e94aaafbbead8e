package dev.showo2.train;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws the losses and the norm of a run as curves over the steps, one panel below the other, each
 * on a logarithmic scale from its smallest to its largest value, which are written beside it. A
 * column shows the mean of the steps that fall into it, and lightly their range; memory does not
 * grow with the run.
 */
final class LossCurves {

  static final String FILE = "curves.png";

  static final int WIDTH = 640;
  static final int PANEL = 160;
  private static final int GAP = 8;

  /** Of the scales on the left. */
  static final int LEFT = 80;

  private static final int BOTTOM = PixelText.HEIGHT + GAP;

  private static final int BACKGROUND = 0xffffff;
  private static final int FRAME = 0xd0d0d0;
  private static final int TEXT = 0x404040;

  /** Of the range and of the mean, for each panel in turn. */
  private static final int[][] COLORS = {
    {0xc8dcf0, 0x1f77b4}, {0xfbd9b9, 0xe06c00}, {0xcdebcd, 0x2ca02c}
  };

  private LossCurves() {}

  /** The values of the steps in one column. */
  private static final class Column {
    private double sum;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private long count;

    void add(double value) {
      double shown = Math.log10(Math.max(value, 1e-12));
      sum += shown;
      least = Math.min(least, shown);
      most = Math.max(most, shown);
      count++;
    }
  }

  /**
   * @param metrics CSV of a run
   * @param names of the columns that are drawn
   * @param steps done so far
   */
  static void draw(Path metrics, List<String> names, long steps, Path file) throws IOException {
    List<Column[]> panels = read(metrics, names, steps);
    int height = names.size() * (PANEL + GAP) + GAP + BOTTOM;
    BufferedImage image = new BufferedImage(LEFT + WIDTH + GAP, height, BufferedImage.TYPE_INT_RGB);
    fill(image, 0, 0, image.getWidth(), height, BACKGROUND);
    for (int i = 0; i < panels.size(); i++) {
      draw(image, names.get(i), panels.get(i), GAP + i * (PANEL + GAP), COLORS[i % COLORS.length]);
    }
    int bottom = height - BOTTOM;
    PixelText.draw(image, "1", LEFT, bottom, TEXT);
    PixelText.draw(image, "step", LEFT + (WIDTH - PixelText.width("step")) / 2, bottom, TEXT);
    rightAligned(image, String.valueOf(steps), LEFT + WIDTH, bottom, TEXT);
    PngWriter.write(image, PngText.NONE, file);
  }

  private static List<Column[]> read(Path metrics, List<String> names, long steps)
      throws IOException {
    List<Column[]> panels = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Column[] columns = new Column[WIDTH];
      for (int x = 0; x < WIDTH; x++) {
        columns[x] = new Column();
      }
      panels.add(columns);
    }
    try (BufferedReader lines = Files.newBufferedReader(metrics)) {
      List<String> header = List.of(lines.readLine().split(","));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split(",");
        long step = Long.parseLong(cells[0]);
        int x = (int) Math.min(WIDTH - 1, (step - 1) * WIDTH / Math.max(1, steps));
        for (int i = 0; i < names.size(); i++) {
          panels.get(i)[x].add(Double.parseDouble(cells[header.indexOf(names.get(i))]));
        }
      }
    }
    return panels;
  }

  private static void draw(
      BufferedImage image, String name, Column[] columns, int top, int[] colors) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (Column column : columns) {
      least = Math.min(least, column.least);
      most = Math.max(most, column.most);
    }
    double range = Math.max(most - least, 1e-9);
    for (int x = 0; x < WIDTH; x++) {
      Column column = columns[x];
      if (column.count > 0) {
        int width = width(columns, x);
        int high = row(column.most, least, range);
        int low = row(column.least, least, range);
        fill(image, LEFT + x, top + high, width, low - high + 1, colors[0]);
        int mean = row(column.sum / column.count, least, range);
        fill(image, LEFT + x, top + Math.max(0, mean - 1), width, 2, colors[1]);
      }
    }
    fill(image, LEFT, top, WIDTH, 1, FRAME);
    fill(image, LEFT, top + PANEL - 1, WIDTH, 1, FRAME);
    rightAligned(image, name, LEFT + WIDTH, top + GAP / 2, TEXT);
    if (least <= most) {
      scale(image, least, top + PANEL - PixelText.HEIGHT);
    }
    if (least < most) {
      scale(image, (least + most) / 2, top + (PANEL - PixelText.HEIGHT) / 2);
      scale(image, most, top);
    }
  }

  private static void scale(BufferedImage image, double logarithm, int y) {
    rightAligned(image, label(Math.pow(10, logarithm)), LEFT - GAP, y, TEXT);
  }

  /** Three digits. */
  static String label(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  private static void rightAligned(BufferedImage image, String text, int right, int y, int color) {
    PixelText.draw(image, text, right - PixelText.width(text), y, color);
  }

  /** The columns up to the next step: there may be fewer steps than columns. */
  private static int width(Column[] columns, int x) {
    int end = x + 1;
    while (end < WIDTH && columns[end].count == 0) {
      end++;
    }
    return end - x;
  }

  private static int row(double value, double least, double range) {
    return (int) Math.round((PANEL - 3) * (1 - (value - least) / range));
  }

  private static void fill(BufferedImage image, int x, int y, int width, int height, int color) {
    for (int row = y; row < y + height; row++) {
      for (int column = x; column < x + width; column++) {
        image.setRGB(column, row, color);
      }
    }
  }
}
