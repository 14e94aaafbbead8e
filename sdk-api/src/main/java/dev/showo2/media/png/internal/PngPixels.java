package dev.showo2.media.png.internal;

/** Converts the bytes of a row to red, green and blue. Immutable. */
final class PngPixels {

  private static final int COLORS = 256;

  private final int bits;
  private final PngHeader.Color color;

  /** Red, green and blue of each value of a sample; null if there are several samples. */
  private final byte[] colors;

  PngPixels(PngHeader header, byte[] palette) {
    this.bits = header.bits();
    this.color = header.color();
    this.colors =
        switch (color) {
          case PALETTE -> palette(palette);
          case GRAY -> bits < 8 ? grays(bits) : null;
          default -> null;
        };
  }

  private static byte[] palette(byte[] palette) {
    byte[] colors = new byte[3 * COLORS];
    int whole = Math.min(palette.length / 3, COLORS);
    System.arraycopy(palette, 0, colors, 0, 3 * whole);
    return colors;
  }

  private static byte[] grays(int bits) {
    byte[] colors = new byte[3 << bits];
    int last = (1 << bits) - 1;
    for (int i = 0; i < colors.length; i++) {
      colors[i] = (byte) (i / 3 * 255 / last);
    }
    return colors;
  }

  /**
   * Converts a row.
   *
   * @param row the filter and the bytes of the pixels
   * @param count of the pixels
   * @param rgb receives red, green and blue
   * @param from index of the first pixel in {@code rgb}
   * @param step from a pixel to the next one there
   */
  void toRgb(byte[] row, int count, byte[] rgb, int from, int step) {
    if (colors != null) {
      look(row, count, rgb, from, step);
      return;
    }
    int sample = bits / 8;
    int pixel = color.samples() * sample;
    // Where green and blue are, seen from red.
    int next = color.samples() < 3 ? 0 : sample;
    for (int x = 0, at = 1, to = from; x < count; x++, at += pixel, to += step) {
      rgb[to] = row[at];
      rgb[to + 1] = row[at + next];
      rgb[to + 2] = row[at + 2 * next];
    }
  }

  private void look(byte[] row, int count, byte[] rgb, int from, int step) {
    int mask = (1 << bits) - 1;
    for (int x = 0, to = from; x < count; x++, to += step) {
      int bit = x * bits;
      int value = row[1 + (bit >> 3)] >> 8 - bits - (bit & 7) & mask;
      rgb[to] = colors[3 * value];
      rgb[to + 1] = colors[3 * value + 1];
      rgb[to + 2] = colors[3 * value + 2];
    }
  }
}
