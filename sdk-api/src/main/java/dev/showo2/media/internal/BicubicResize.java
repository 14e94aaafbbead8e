package dev.showo2.media.internal;

import java.util.Arrays;

/**
 * Pillow's antialiased bicubic resize of 8-bit RGB (SPEC appendix B), bit for bit: a horizontal
 * pass, then a vertical one, rounded to 8 bits after each.
 *
 * <p>Pillow skips an axis whose size stays. Here it is computed all the same: its weights are then
 * exactly 0 and 1, so nothing changes.
 */
final class BicubicResize {

  private static final int HALF = 1 << (BicubicAxis.PRECISION - 1);

  private BicubicResize() {}

  /**
   * Makes the target pixels that the two axes ask for, and reads no source row besides those it
   * needs.
   *
   * @return red, green and blue, row by row
   */
  static byte[] resize(RgbRows source, BicubicAxis horizontal, BicubicAxis vertical) {
    int stride = 3 * horizontal.count();
    int firstRow = vertical.first(0);
    byte[] narrowed = new byte[Math.multiplyExact(stride, vertical.end() - firstRow)];
    byte[] row = new byte[3 * source.width()];
    for (int y = firstRow; y < vertical.end(); y++) {
      source.read(y, row);
      resizeRow(row, horizontal, narrowed, (y - firstRow) * stride);
    }
    byte[] result = new byte[Math.multiplyExact(stride, vertical.count())];
    int[] sums = new int[stride];
    for (int y = 0; y < vertical.count(); y++) {
      int offset = (vertical.first(y) - firstRow) * stride;
      sumRows(narrowed, offset, vertical.weights(y), sums);
      for (int i = 0; i < stride; i++) {
        result[y * stride + i] = round(sums[i]);
      }
    }
    return result;
  }

  private static void resizeRow(byte[] row, BicubicAxis axis, byte[] target, int offset) {
    for (int x = 0; x < axis.count(); x++) {
      int red = 0;
      int green = 0;
      int blue = 0;
      int at = 3 * axis.first(x);
      for (int weight : axis.weights(x)) {
        red += weight * (row[at++] & 0xff);
        green += weight * (row[at++] & 0xff);
        blue += weight * (row[at++] & 0xff);
      }
      target[offset + 3 * x] = round(red);
      target[offset + 3 * x + 1] = round(green);
      target[offset + 3 * x + 2] = round(blue);
    }
  }

  private static void sumRows(byte[] rows, int offset, int[] weights, int[] sums) {
    Arrays.fill(sums, 0);
    int at = offset;
    for (int weight : weights) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += weight * (rows[at++] & 0xff);
      }
    }
  }

  private static byte round(int sum) {
    int value = (sum + HALF) >> BicubicAxis.PRECISION;
    return (byte) Math.max(0, Math.min(255, value));
  }
}
