package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Shape;
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
}
