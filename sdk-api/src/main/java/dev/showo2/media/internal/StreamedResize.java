package dev.showo2.media.internal;

import java.io.IOException;

/**
 * {@link BicubicResize} of an image whose rows are decoded one after the other, and are turned
 * upright on the way. Of the image it keeps what the horizontal pass made of it, which is narrow.
 *
 * <p>Where stored rows are columns of the upright image, that pass adds each of them to the target
 * columns that it has a share in; a target column is rounded once it has all its shares. Not
 * thread-safe.
 */
final class StreamedResize {

  private final RgbSource source;
  private final Orientation orientation;
  private final BicubicResize.Axis horizontal;
  private final BicubicResize.Axis vertical;
  private final int stride;
  private final byte[] narrowed;

  /** The target columns that got a part of their shares; null for all others. */
  private final int[][] sums;

  StreamedResize(RgbSource source, Orientation orientation, ImagePreprocessor.Covering covering) {
    this.source = source;
    this.orientation = orientation;
    this.horizontal = covering.horizontal();
    this.vertical = covering.vertical();
    this.stride = 3 * horizontal.count();
    this.narrowed = new byte[Math.multiplyExact(stride, vertical.end() - vertical.first(0))];
    this.sums = new int[horizontal.count()][];
  }

  /**
   * Decodes all rows, those too that the target does not need, so that damage is found.
   *
   * @return red, green and blue, row by row
   */
  byte[] run() throws IOException {
    byte[] row = new byte[3 * source.width()];
    for (int y = 0; y < source.height(); y++) {
      source.next(row);
      int place = orientation.isFromTheEnd() ? source.height() - 1 - y : y;
      if (orientation.isReversed()) {
        reverse(row);
      }
      if (orientation.isSideways()) {
        addColumn(row, place);
      } else if (place >= vertical.first(0) && place < vertical.end()) {
        BicubicResize.resizeRow(row, horizontal, narrowed, (place - vertical.first(0)) * stride);
      }
    }
    return BicubicResize.resizeColumns(narrowed, stride, vertical);
  }

  private void addColumn(byte[] column, int x) {
    boolean last = orientation.isFromTheEnd();
    for (int target = firstTarget(x); target < sums.length; target++) {
      int first = horizontal.first(target);
      int[] weights = horizontal.weights(target);
      if (x < first) {
        return; // and of all targets behind it
      }
      if (x >= first + weights.length) {
        continue;
      }
      if (sums[target] == null) {
        sums[target] = new int[3 * (vertical.end() - vertical.first(0))];
      }
      int weight = weights[x - first];
      int[] sum = sums[target];
      int offset = 3 * vertical.first(0);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += weight * (column[offset + i] & 0xff);
      }
      if (x == (last ? first : first + weights.length - 1)) {
        round(sum, target);
        sums[target] = null;
      }
    }
  }

  /** The first target whose source pixels may reach to x; they are sorted. */
  private int firstTarget(int x) {
    int low = 0;
    int high = sums.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (horizontal.first(middle) + horizontal.weights(middle).length <= x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void round(int[] sum, int target) {
    for (int i = 0; i < sum.length; i++) {
      narrowed[i / 3 * stride + 3 * target + i % 3] = BicubicResize.round(sum[i]);
    }
  }

  private static void reverse(byte[] row) {
    for (int left = 0, right = row.length - 3; left < right; left += 3, right -= 3) {
      for (int i = 0; i < 3; i++) {
        byte swap = row[left + i];
        row[left + i] = row[right + i];
        row[right + i] = swap;
      }
    }
  }
}
