package dev.showo2.demo.world;

import org.apiguardian.api.API;

/** Where a shape moves; y grows downwards. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum Direction {
  RIGHT(1, 0),
  LEFT(-1, 0),
  UP(0, -1),
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
