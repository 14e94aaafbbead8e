package dev.showo2.stage;

import org.apiguardian.api.API;

/**
 * The layout of the tokens of one frame.
 *
 * @param rows tokens down, at least 1
 * @param columns tokens across, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TokenGrid(int rows, int columns) {

  /**
   * Refuses a grid without tokens.
   *
   * @param rows tokens down, at least 1
   * @param columns tokens across, at least 1
   * @throws IllegalArgumentException if a side is below 1
   */
  public TokenGrid {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "a token grid has at least one token, got " + rows + "x" + columns);
    }
  }

  /** {@return the number of tokens of one frame} */
  public int tokens() {
    return rows * columns;
  }

  @Override
  public String toString() {
    return rows + "x" + columns;
  }
}
