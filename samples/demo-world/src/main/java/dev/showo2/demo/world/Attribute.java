package dev.showo2.demo.world;

import java.util.function.Function;
import org.apiguardian.api.API;

/** One of the five things that a prompt asks for. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum Attribute {
  /** The shape of the shape. */
  SHAPE(Attributes::shape),
  /** The color of the shape. */
  COLOR(Attributes::color),
  /** The color of the background. */
  BACKGROUND(Attributes::background),
  /** The size of the shape. */
  SIZE(Attributes::size),
  /** The position of the shape. */
  POSITION(Attributes::position);

  private final Function<Attributes, Enum<?>> value;

  Attribute(Function<Attributes, Enum<?>> value) {
    this.value = value;
  }

  Enum<?> of(Attributes attributes) {
    return value.apply(attributes);
  }
}
