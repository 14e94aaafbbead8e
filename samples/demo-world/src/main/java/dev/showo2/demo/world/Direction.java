package dev.showo2.demo.world;

import org.apiguardian.api.API;

/** The direction in which a shape moves; y grows downwards. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum Direction {
  /** Motion to the right. */
  RIGHT(1, 0),
  /** Motion to the left. */
  LEFT(-1, 0),
  /** Motion upwards. */
  UP(0, -1),
  /** Motion downwards. */
  DOWN(0, 1);

  private final int dx;
  private final int dy;

  Direction(int dx, int dy) {
    this.dx = dx;
    this.dy = dy;
  }

  int dx() {
    return dx;
  }

  int dy() {
    return dy;
  }
}
