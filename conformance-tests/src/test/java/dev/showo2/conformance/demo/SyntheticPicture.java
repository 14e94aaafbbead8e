package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Position;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A picture of the coloured-shapes world drawn by Java2D. It shares no drawing code with the
 * checker's templates, so that the one can test the other.
 */
record SyntheticPicture(Attributes attributes, BufferedImage picture) {

  /** One picture of each of the 880 combinations, with the world's small variations. */
  static List<SyntheticPicture> all(Random random) {
    List<SyntheticPicture> pictures = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (Color color : Color.values()) {
        for (Background background : Background.values()) {
          if (background.hides(color)) {
            continue;
          }
          for (Size size : Size.values()) {
            for (Position position : Position.values()) {
              pictures.add(of(new Attributes(shape, color, background, size, position), random));
            }
          }
        }
      }
    }
    return pictures;
  }

  private static SyntheticPicture of(Attributes attributes, Random random) {
    BufferedImage picture = new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(varied(attributes.background().rgb(), random));
    graphics.fillRect(0, 0, Plane.SIDE, Plane.SIDE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(varied(attributes.color().rgb(), random));
    double radius = attributes.size().radius() * (1 + jitter(0.05, random));
    AffineTransform place =
        new AffineTransform(
            radius,
            0,
            0,
            radius,
            attributes.position().x() + jitter(1.5, random),
            attributes.position().y() + jitter(1.5, random));
    graphics.fill(place.createTransformedShape(outline(attributes.shape())));
    graphics.dispose();
    return new SyntheticPicture(attributes, picture);
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

  private static double jitter(double most, Random random) {
    return (2 * random.nextDouble() - 1) * most;
  }
}
