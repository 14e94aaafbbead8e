package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import java.util.Optional;
import java.util.Random;

/** The content of a prompt: shape and color are always named, the rest may be left open. */
record Mention(
    Shape shape,
    Color color,
    Optional<Size> size,
    Optional<Background> background,
    Optional<Position> position) {

  /**
   * Half name a size, two thirds a background, half a place: about as the official 60 prompts. All
   * else is equally likely.
   */
  static Mention random(Random random) {
    Color color = Chance.any(random, Color.values());
    return new Mention(
        Chance.any(random, Shape.values()),
        color,
        Chance.maybe(random, 1, 2, Size.values()),
        Chance.maybe(random, 2, 3, Background.showing(color)),
        Chance.maybe(random, 1, 2, Position.values()));
  }

  /** The image that a prompt asks for; the model was trained with these defaults. */
  Attributes expected() {
    return new Attributes(
        shape,
        color,
        background.orElse(Background.plain(color)),
        size.orElse(Size.BIG),
        position.orElse(Position.CENTER));
  }
}
