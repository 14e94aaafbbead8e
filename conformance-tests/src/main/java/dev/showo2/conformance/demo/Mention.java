package dev.showo2.conformance.demo;

import dev.showo2.conformance.demo.Attributes.Background;
import dev.showo2.conformance.demo.Attributes.Color;
import dev.showo2.conformance.demo.Attributes.Position;
import dev.showo2.conformance.demo.Attributes.Shape;
import dev.showo2.conformance.demo.Attributes.Size;
import java.util.Optional;

/** What a prompt says. Shape and colour are always named, the rest may be left open. */
record Mention(
    Shape shape,
    Color color,
    Optional<Size> size,
    Optional<Background> background,
    Optional<Position> position) {

  /** What the picture should show: the model was trained with these defaults. */
  Attributes expected() {
    Background plain = color == Color.WHITE ? Background.BLACK : Background.WHITE;
    return new Attributes(
        shape,
        color,
        background.orElse(plain),
        size.orElse(Size.BIG),
        position.orElse(Position.CENTER));
  }
}
