package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import org.apiguardian.api.API;

/**
 * The content of a video of the colored-shapes world. The starting place is left open.
 *
 * @param shape the kind of shape
 * @param color the color of the shape
 * @param background the color around it
 * @param size one of two sizes
 * @param direction the direction in which it moves
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Motion(
    Shape shape, Color color, Background background, Size size, Direction direction) {

  /** The direction of a movement; y grows downwards. */
  public enum Direction {
    /** Motion to the right. */
    /** To the right. */
    RIGHT(1, 0),
    /** Motion to the left. */
    /** To the left. */
    LEFT(-1, 0),
    /** Motion upwards. */
    /** Upwards. */
    UP(0, -1),
    /** Motion downwards. */
    /** Downwards. */
    DOWN(0, 1);

    private final int dx;
    private final int dy;

    Direction(int dx, int dy) {
      this.dx = dx;
      this.dy = dy;
    }

    /**
     * The way along x.
     *
     * @return 1 to the right, -1 to the left, else 0
     */
    public int dx() {
      return dx;
    }

    /**
     * The way along y, which grows downwards.
     *
     * @return 1 down, -1 up, else 0
     */
    public int dy() {
      return dy;
    }
  }
}
