package dev.showo2.media.video;

/** The pixels of an image whose colors are nearly the same, by their number and sums. */
final class ColorBin {

  private final long[] sums = new long[3];
  private long count;

  /** Of the palette; set once there is one. */
  int index;

  void add(int rgb) {
    count++;
    for (int channel = 0; channel < 3; channel++) {
      sums[channel] += rgb >> 16 - 8 * channel & 0xff;
    }
  }

  long count() {
    return count;
  }

  long sum(int channel) {
    return sums[channel];
  }

  double mean(int channel) {
    return (double) sums[channel] / count;
  }
}
