package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.Rgb;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.apiguardian.api.API;

/**
 * An image of the world before it is drawn: what it shows, and the small variations of colors, size
 * and place. The same scene gives the same pixels on every Java runtime, those of the images that
 * the demo checkpoint was trained on.
 *
 * @param shown what the image shows
 * @param color of the shape
 * @param background around it
 * @param x center of the shape, in pixels from the left
 * @param y center of the shape, in pixels from the top
 * @param radius of the shape, in pixels
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ShapeScene(
    Attributes shown, Rgb color, Rgb background, double x, double y, double radius) {

  /** Width and height of every image, in pixels. */
  public static final int SIDE = 64;

  /** The ranges within which the 60 images of the checkpoint's {@code samples/und} vary. */
  private static final double COLOR_RANGE = 5;

  private static final double RADIUS_RANGE = 0.07;
  private static final double PLACE_RANGE = 2;

  private static final double SQUARE_HALF = 0.88;
  private static final double TRIANGLE_BASE = 0.75;
  private static final double CROSS_ARM_HALF = 0.34;

  /**
   * Varies an image as the world does.
   *
   * @param shown what the image shows
   * @param random decides on the variations
   * @return a scene within the ranges of the demo's images
   */
  public static ShapeScene of(Attributes shown, Random random) {
    return new ShapeScene(
        shown,
        varied(shown.color().rgb(), random),
        varied(shown.background().rgb(), random),
        shown.position().x() + within(PLACE_RANGE, random),
        shown.position().y() + within(PLACE_RANGE, random),
        shown.size().radius() * (1 + within(RADIUS_RANGE, random)));
  }

  private static Rgb varied(Rgb mean, Random random) {
    return new Rgb(
        Math.round(mean.red() + within(COLOR_RANGE, random)),
        Math.round(mean.green() + within(COLOR_RANGE, random)),
        Math.round(mean.blue() + within(COLOR_RANGE, random)));
  }

  private static double within(double range, Random random) {
    return (2 * random.nextDouble() - 1) * range;
  }

  /**
   * Changes what is shown and keeps the variations, so that nothing else changes.
   *
   * @param other shown instead
   * @return the next image of a story
   */
  public ShapeScene with(Attributes other) {
    return new ShapeScene(
        other,
        shifted(color, shown.color().rgb(), other.color().rgb()),
        shifted(background, shown.background().rgb(), other.background().rgb()),
        x + other.position().x() - shown.position().x(),
        y + other.position().y() - shown.position().y(),
        radius * other.size().radius() / shown.size().radius());
  }

  private static Rgb shifted(Rgb color, Rgb from, Rgb to) {
    return new Rgb(
        color.red() + to.red() - from.red(),
        color.green() + to.green() - from.green(),
        color.blue() + to.blue() - from.blue());
  }

  /**
   * Moves the shape; a part of it may leave the image.
   *
   * @param dx in pixels to the right
   * @param dy in pixels down
   * @return the same otherwise
   */
  public ShapeScene moved(double dx, double dy) {
    return new ShapeScene(shown, color, background, x + dx, y + dy, radius);
  }

  /**
   * Draws the image.
   *
   * @return RGB, {@link #SIDE} pixels wide and high
   */
  public BufferedImage draw() {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        double distance = distance(Math.abs(column + 0.5 - x), row + 0.5 - y);
        image.setRGB(column, row, mixed(Math.min(1, Math.max(0, 0.5 - distance))));
      }
    }
    return image;
  }

  /**
   * In pixels from the outline, negative inside; beyond corners as far as from the farther edge.
   */
  private double distance(double dx, double dy) {
    double arm = CROSS_ARM_HALF * radius;
    return switch (shown.shape()) {
      case CIRCLE -> Math.sqrt(dx * dx + dy * dy) - radius;
      case SQUARE -> Math.max(dx, Math.abs(dy)) - SQUARE_HALF * radius;
      case TRIANGLE -> Math.max(dy - TRIANGLE_BASE * radius, side(dx, dy));
      case CROSS ->
          Math.min(
              Math.max(dx - arm, Math.abs(dy) - radius), Math.max(dx - radius, Math.abs(dy) - arm));
    };
  }

  /** From the right side of the triangle, which leads from its top to the corner of its base. */
  private double side(double dx, double dy) {
    double height = TRIANGLE_BASE + 1;
    return (height * dx - dy - radius) / Math.sqrt(height * height + 1);
  }

  private int mixed(double coverage) {
    return mixed(background.red(), color.red(), coverage) << 16
        | mixed(background.green(), color.green(), coverage) << 8
        | mixed(background.blue(), color.blue(), coverage);
  }

  private static int mixed(double from, double to, double coverage) {
    return (int) Math.round(from + coverage * (to - from));
  }
}
