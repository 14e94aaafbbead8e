package dev.showo2.media.video;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bins whose pixels share one color of a palette.
 *
 * @param channel in which they are scattered most
 * @param middle their mean in this channel
 * @param scatter the sum of their squared distances from the mean in this channel; 0 for what
 *     cannot be cut
 */
record ColorBox(List<ColorBin> bins, int channel, double middle, double scatter) {

  static ColorBox of(List<ColorBin> bins) {
    ColorBox most = new ColorBox(bins, 0, 0, -1);
    for (int channel = 0; channel < 3; channel++) {
      double middle = mean(bins, channel);
      double scatter = 0;
      for (ColorBin bin : bins) {
        double distance = bin.mean(channel) - middle;
        scatter += bin.count() * distance * distance;
      }
      if (scatter > most.scatter) {
        most = new ColorBox(bins, channel, middle, scatter);
      }
    }
    return bins.size() == 1 ? new ColorBox(bins, 0, 0, 0) : most;
  }

  private static double mean(List<ColorBin> bins, int channel) {
    long sum = 0;
    long count = 0;
    for (ColorBin bin : bins) {
      sum += bin.sum(channel);
      count += bin.count();
    }
    return (double) sum / count;
  }

  /** Two boxes, one on each side of the mean; or this one, marked as not to be cut. */
  List<ColorBox> split() {
    Map<Boolean, List<ColorBin>> sides =
        bins.stream().collect(Collectors.partitioningBy(bin -> bin.mean(channel) > middle));
    if (sides.get(true).isEmpty() || sides.get(false).isEmpty()) {
      return List.of(new ColorBox(bins, 0, 0, 0)); // they differ by less than doubles tell
    }
    return List.of(of(sides.get(true)), of(sides.get(false)));
  }

  /** Red, green and blue of the mean color. */
  int mean() {
    int rgb = 0;
    for (int each = 0; each < 3; each++) {
      rgb = rgb << 8 | (int) Math.round(mean(bins, each));
    }
    return rgb;
  }
}
