package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A clean image of the colored-shapes world. */
record SyntheticImage(Attributes attributes, BufferedImage image) {

  /** One image of each of the 880 combinations, with the world's small variations. */
  static List<SyntheticImage> all(Random random) {
    List<SyntheticImage> images = new ArrayList<>();
    for (Shape shape : Shape.values()) {
      for (Color color : Color.values()) {
        for (Background background : Background.showing(color)) {
          for (Size size : Size.values()) {
            for (Position position : Position.values()) {
              images.add(of(new Attributes(shape, color, background, size, position), random));
            }
          }
        }
      }
    }
    return images;
  }

  private static SyntheticImage of(Attributes attributes, Random random) {
    return new SyntheticImage(attributes, Sprite.of(attributes, random).draw());
  }
}
