package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Position;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A picture of the coloured-shapes world. */
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
    ShapePainter painter =
        new ShapePainter(
            attributes.shape(),
            attributes.color(),
            attributes.background(),
            attributes.size(),
            random);
    return new SyntheticPicture(
        attributes,
        painter.paint(
            attributes.position().x() + ShapePainter.jitter(1.5, random),
            attributes.position().y() + ShapePainter.jitter(1.5, random)));
  }
}
