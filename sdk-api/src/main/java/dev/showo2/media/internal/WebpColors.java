package dev.showo2.media.internal;

import org.apiguardian.api.API;

/**
 * Converts luma and chroma of a lossy WebP image to RGB as libwebp does, so that every sample is
 * the same: chroma is interpolated by weights of 9, 3, 3 and 1, then converted with 14 bits of
 * precision. Immutable.
 *
 * @param width of the image in pixels
 * @param height of the image in pixels
 * @param u blue chroma, half as wide and high, rounded up
 * @param v red chroma of the same size
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record WebpColors(int width, int height, byte[] u, byte[] v) {

  private static final int FRACTION = 6;

  /**
   * Converts a row.
   *
   * @param y of the row
   * @param luma of its pixels
   * @param target receives packed red, green and blue
   */
  public void row(int y, byte[] luma, int[] target) {
    int chromaWidth = (width + 1) / 2;
    int near = y / 2;
    int last = (height + 1) / 2 - 1;
    int far = Math.max(0, Math.min(last, (y & 1) == 0 ? near - 1 : near + 1));
    for (int x = 0; x < width; x++) {
      int column = x / 2;
      int beside = (x & 1) == 0 ? column - 1 : column + 1;
      boolean edge = beside < 0 || beside >= chromaWidth;
      int here = near * chromaWidth;
      int there = far * chromaWidth;
      target[x] =
          edge
              ? rgb(
                  luma[x] & 0xff,
                  between(u[here + column], u[there + column]),
                  between(v[here + column], v[there + column]))
              : rgb(
                  luma[x] & 0xff,
                  among(u, here + column, here + beside, there + column, there + beside),
                  among(v, here + column, here + beside, there + column, there + beside));
    }
  }

  private static int between(byte near, byte far) {
    return 3 * (near & 0xff) + (far & 0xff) + 2 >> 2;
  }

  private static int among(byte[] plane, int nearest, int beside, int above, int diagonal) {
    int near = plane[nearest] & 0xff;
    int sides = (plane[beside] & 0xff) + (plane[above] & 0xff);
    int all = near + sides + (plane[diagonal] & 0xff) + 8;
    return (all + 2 * sides >> 3) + near >> 1;
  }

  private static int rgb(int y, int u, int v) {
    int luma = y * 19_077 >> 8;
    int red = luma + (v * 26_149 >> 8) - 14_234;
    int green = luma - (u * 6_419 >> 8) - (v * 13_320 >> 8) + 8_708;
    int blue = luma + (u * 33_050 >> 8) - 17_685;
    return clamp(red) << 16 | clamp(green) << 8 | clamp(blue);
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value >> FRACTION));
  }
}
