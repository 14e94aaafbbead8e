package dev.showo2.demo.world;

import java.util.function.Function;
import org.apiguardian.api.API;

/** One of the five things that a prompt asks for. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum Attribute {
  SHAPE(Attributes::shape),
  COLOR(Attributes::color),
  BACKGROUND(Attributes::background),
  SIZE(Attributes::size),
  POSITION(Attributes::position);

  private final Function<Attributes, Enum<?>> value;

  Attribute(Function<Attributes, Enum<?>> value) {
    this.value = value;
  }

  Enum<?> of(Attributes attributes) {
    return value.apply(attributes);
  }
}
