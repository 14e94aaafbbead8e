package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Shape;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/**
 * Draws with Java2D, anti-aliased; needs no display. It shares no drawing code with the checker's
 * {@link Template}, so that the one can test the other.
 */
final class SpriteRenderer {

  private SpriteRenderer() {}

  /** 64x64, the part of the shape outside of it left off. */
  static BufferedImage draw(Sprite sprite) {
    BufferedImage image = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(color(sprite.background()));
      graphics.fillRect(0, 0, Plane.SIDE, Plane.SIDE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.setColor(color(sprite.color()));
      double radius = sprite.radius();
      AffineTransform place = new AffineTransform(radius, 0, 0, radius, sprite.x(), sprite.y());
      graphics.fill(place.createTransformedShape(outline(sprite.shape())));
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

  private static Color color(Rgb rgb) {
    return new Color((int) rgb.red(), (int) rgb.green(), (int) rgb.blue());
  }
}
