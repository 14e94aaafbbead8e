package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Draws shapes of the coloured-shapes world by Java2D, with the world's small variations. It shares
 * no drawing code with the checker's templates, so that the one can test the other.
 */
final class ShapePainter {

  private final Shape shape;
  private final double radius;
  private final java.awt.Color color;
  private final java.awt.Color background;

  ShapePainter(Shape shape, Color color, Background background, Size size, Random random) {
    this.shape = shape;
    this.background = varied(background.rgb(), random);
    this.color = varied(color.rgb(), random);
    this.radius = size.radius() * (1 + jitter(0.05, random));
  }

  /** A picture with the shape's centre at a place, in pixels. */
  BufferedImage paint(double x, double y) {
    BufferedImage picture = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(background);
    graphics.fillRect(0, 0, Plane.SIDE, Plane.SIDE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(color);
    AffineTransform place = new AffineTransform(radius, 0, 0, radius, x, y);
    graphics.fill(place.createTransformedShape(outline(shape)));
    graphics.dispose();
    return picture;
  }

  /** A number between -most and most. */
  static double jitter(double most, Random random) {
    return (2 * random.nextDouble() - 1) * most;
  }

  /** The shapes at radius 1 around the origin, as measured in the reference pictures. */
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

  private static java.awt.Color varied(Rgb rgb, Random random) {
    return new java.awt.Color(
        varied(rgb.red(), random), varied(rgb.green(), random), varied(rgb.blue(), random));
  }

  private static int varied(double channel, Random random) {
    return (int) Math.round(Math.min(255, Math.max(0, channel + jitter(5, random))));
  }
}
