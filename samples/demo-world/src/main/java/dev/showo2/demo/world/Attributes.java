package dev.showo2.demo.world;

import dev.showo2.model.internal.JsonFields;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * The content of an image of the colored-shapes world. The constants carry the names of {@code
 * eval_prompts.json} in upper case, and the numbers of the world that the checker needs.
 *
 * @param shape the kind of shape
 * @param color the color of the shape
 * @param background the color around it
 * @param size one of two sizes
 * @param position the place of the shape
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Attributes(
    Shape shape, Color color, Background background, Size size, Position position) {

  /** The kinds of shape. */
  public enum Shape {
    /** The shape circle. */
    CIRCLE,
    /** The shape square. */
    SQUARE,
    /** The shape triangle. */
    TRIANGLE,
    /** The shape cross. */
    CROSS
  }

  /** The colors of a shape, as measured in the clean images. */
  public enum Color {
    /** The color red. */
    RED(219, 42, 38),
    /** The color green. */
    GREEN(42, 158, 60),
    /** The color blue. */
    BLUE(41, 78, 217),
    /** The color yellow. */
    YELLOW(242, 211, 41),
    /** The color purple. */
    PURPLE(140, 62, 180),
    /** The color orange. */
    ORANGE(242, 130, 29),
    /** The color white. */
    WHITE(245, 245, 245),
    /** The color black. */
    BLACK(20, 20, 20);

    private final Rgb rgb;

    Color(int red, int green, int blue) {
      rgb = new Rgb(red, green, blue);
    }

    /**
     * The mean color of the clean images.
     *
     * @return 8-bit values
     */
    public Rgb rgb() {
      return rgb;
    }
  }

  /** The colors of a background. */
  public enum Background {
    /** The color white. */
    WHITE(Color.WHITE.rgb()),
    /** The color black. */
    BLACK(Color.BLACK.rgb()),
    /** The color gray. */
    GRAY(new Rgb(128, 128, 128));

    private final Rgb rgb;

    Background(Rgb rgb) {
      this.rgb = rgb;
    }

    /**
     * The mean color of the clean images.
     *
     * @return 8-bit values
     */
    public Rgb rgb() {
      return rgb;
    }

    /**
     * Tells whether a shape cannot be seen on it; the world has no such image.
     *
     * @param color of the shape
     * @return true for the same color
     */
    public boolean hides(Color color) {
      return rgb.equals(color.rgb());
    }

    /** What a prompt means that names none. */
    static Background plain(Color color) {
      return color == Color.WHITE ? BLACK : WHITE;
    }

    /** Those that the shape can be seen on. */
    static Background[] showing(Color color) {
      return Arrays.stream(values()).filter(each -> !each.hides(color)).toArray(Background[]::new);
    }
  }

  /** The two sizes, with the mean radius in pixels; the world lets it vary by about a tenth. */
  public enum Size {
    /** A shape that is small. */
    SMALL(8),
    /** A shape that is big. */
    BIG(15);

    private final double radius;

    Size(double radius) {
      this.radius = radius;
    }

    /**
     * The mean radius.
     *
     * @return in pixels
     */
    public double radius() {
      return radius;
    }
  }

  /** The five places, with the mean center in pixels; the world lets it vary by about two. */
  public enum Position {
    /** The left of the image. */
    LEFT(16, 32),
    /** The right of the image. */
    RIGHT(48, 32),
    /** The top of the image. */
    TOP(32, 16),
    /** The bottom of the image. */
    BOTTOM(32, 48),
    /** The middle of the image. */
    CENTER(32, 32);

    private final double x;
    private final double y;

    Position(double x, double y) {
      this.x = x;
      this.y = y;
    }

    /**
     * The mean center.
     *
     * @return in pixels from the left
     */
    public double x() {
      return x;
    }

    /**
     * The mean center.
     *
     * @return in pixels from the top
     */
    public double y() {
      return y;
    }
  }

  Attributes with(Shape other) {
    return new Attributes(other, color, background, size, position);
  }

  Attributes with(Color other) {
    return new Attributes(shape, other, background, size, position);
  }

  Attributes with(Background other) {
    return new Attributes(shape, color, other, size, position);
  }

  Attributes with(Size other) {
    return new Attributes(shape, color, background, other, position);
  }

  Attributes with(Position other) {
    return new Attributes(shape, color, background, size, other);
  }

  static Attributes of(JsonFields fields) {
    return new Attributes(
        named(Shape.class, fields, "shape"),
        named(Color.class, fields, "color"),
        named(Background.class, fields, "bg"),
        named(Size.class, fields, "size"),
        named(Position.class, fields, "pos"));
  }

  private static <E extends Enum<E>> E named(Class<E> type, JsonFields fields, String field) {
    return Enum.valueOf(type, fields.string(field).toUpperCase(Locale.ROOT));
  }

  /** One of the five things that a prompt asks for. */
  public enum Attribute {
    /** The color shape. */
    /** The kind of shape. */
    SHAPE(Attributes::shape),
    /** The color color. */
    /** The color of the shape. */
    COLOR(Attributes::color),
    /** The color background. */
    /** The color of the background. */
    BACKGROUND(Attributes::background),
    /** The color size. */
    /** The size of the shape. */
    SIZE(Attributes::size),
    /** The color position. */
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
}
