package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import org.apiguardian.api.API;

/** What a video of the colored-shapes world shows; where the shape starts is left open. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Motion(
    Shape shape, Color color, Background background, Size size, Direction direction) {}
