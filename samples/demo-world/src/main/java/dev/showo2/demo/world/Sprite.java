package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/** A shape on a plain background as it is drawn; center and radius in pixels. */
record Sprite(Shape shape, Rgb color, Rgb background, double x, double y, double radius) {

  /** The ranges within which the 60 images of {@code samples/und} vary. */
  private static final double COLOR_RANGE = 5;

  private static final double RADIUS_RANGE = 0.07;
  private static final double PLACE_RANGE = 2;

  /** With the world's small variations of colors, size and place. */
  static Sprite of(Attributes attributes, Random random) {
    Rgb background = varied(attributes.background().rgb(), random);
    Rgb color = varied(attributes.color().rgb(), random);
    double radius = attributes.size().radius() * (1 + Chance.within(RADIUS_RANGE, random));
    return new Sprite(
        attributes.shape(),
        color,
        background,
        attributes.position().x() + Chance.within(PLACE_RANGE, random),
        attributes.position().y() + Chance.within(PLACE_RANGE, random),
        radius);
  }

  Sprite moved(double dx, double dy) {
    return new Sprite(shape, color, background, x + dx, y + dy, radius);
  }

  private static Rgb varied(Rgb rgb, Random random) {
    return new Rgb(
        varied(rgb.red(), random), varied(rgb.green(), random), varied(rgb.blue(), random));
  }

  private static double varied(double channel, Random random) {
    return Math.round(Math.min(255, Math.max(0, channel + Chance.within(COLOR_RANGE, random))));
  }

  /**
   * An image of 64x64, anti-aliased, drawn with Java2D, which needs no display. No drawing code is
   * shared with the checker's {@link Template}, so that the one can test the other.
   */
  BufferedImage draw() {
    BufferedImage image = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(awt(background));
      graphics.fillRect(0, 0, Plane.SIDE, Plane.SIDE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(awt(color));
      AffineTransform place = new AffineTransform(radius, 0, 0, radius, x, y);
      graphics.fill(place.createTransformedShape(outline(shape)));
    } finally {
      graphics.dispose();
    }
    return image;
  }

  /** The shapes at radius 1 around the origin, as measured in the reference images. */
  private static java.awt.Shape outline(Shape shape) {
    return switch (shape) {
      case CIRCLE -> new Ellipse2D.Double(-1, -1, 2, 2);
      case SQUARE -> polygon(-0.88, -0.88, 0.88, -0.88, 0.88, 0.88, -0.88, 0.88);
      case TRIANGLE -> polygon(0, -1, 1, 0.75, -1, 0.75);
      case CROSS ->
          polygon(
              -0.34, -1, 0.34, -1, 0.34, -0.34, 1, -0.34, 1, 0.34, 0.34, 0.34, 0.34, 1, -0.34, 1,
              -0.34, 0.34, -1, 0.34, -1, -0.34, -0.34, -0.34);
    };
  }

  private static Path2D polygon(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 2) {
      path.lineTo(points[i], points[i + 1]);
    }
    path.closePath();
    return path;
  }

  private static Color awt(Rgb rgb) {
    return new Color((int) rgb.red(), (int) rgb.green(), (int) rgb.blue());
  }
}
