package dev.showo2.media.video;

import dev.showo2.media.internal.RgbRows;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * Reduces an image to 256 colors. An image with no more colors keeps them. Otherwise the box of all
 * colors is split at the mean of the channel with the largest variance, then the box with the
 * largest variance, and so on; a box's color is the mean of its pixels. There is no dithering,
 * since dots that change with every frame flicker.
 */
final class ColorQuantizer {

  private static final int COLORS = 256;

  /** Bits of each channel that select a bin; colors of one bin differ by less than 4 of 255. */
  private static final int BITS = 6;

  private final RgbRows rows;
  private final byte[] row;

  private ColorQuantizer(BufferedImage image) {
    this.rows = RgbRows.of(image);
    this.row = new byte[3 * rows.width()];
  }

  /**
   * Quantizes an image.
   *
   * @return the same image with a palette
   */
  static BufferedImage quantize(BufferedImage image) {
    ColorQuantizer quantizer = new ColorQuantizer(image);
    Map<Integer, Integer> exact = quantizer.exactColors();
    return exact.size() <= COLORS ? quantizer.exact(exact) : quantizer.approximate();
  }

  private interface PixelVisitor {
    /**
     * @return whether to go on
     */
    boolean visit(int x, int y, int rgb);
  }

  private void visit(PixelVisitor visitor) {
    for (int y = 0; y < rows.height(); y++) {
      rows.read(y, row);
      for (int x = 0; x < rows.width(); x++) {
        int rgb = (row[3 * x] & 0xff) << 16 | (row[3 * x + 1] & 0xff) << 8 | row[3 * x + 2] & 0xff;
        if (!visitor.visit(x, y, rgb)) {
          return;
        }
      }
    }
  }

  /** The colors with their palette indices; ends early if there are too many. */
  private Map<Integer, Integer> exactColors() {
    Map<Integer, Integer> colors = new HashMap<>();
    visit(
        (x, y, rgb) -> {
          colors.putIfAbsent(rgb, colors.size());
          return colors.size() <= COLORS;
        });
    return colors;
  }

  private BufferedImage exact(Map<Integer, Integer> colors) {
    int[] palette = new int[colors.size()];
    colors.forEach((rgb, index) -> palette[index] = rgb);
    BufferedImage image = withPalette(palette);
    visit(
        (x, y, rgb) -> {
          image.getRaster().setSample(x, y, 0, colors.get(rgb));
          return true;
        });
    return image;
  }

  private BufferedImage approximate() {
    ColorBin[] bins = new ColorBin[1 << 3 * BITS];
    visit(
        (x, y, rgb) -> {
          int at = bin(rgb);
          if (bins[at] == null) {
            bins[at] = new ColorBin();
          }
          bins[at].add(rgb);
          return true;
        });
    List<ColorBox> boxes = cut(Arrays.stream(bins).filter(bin -> bin != null).toList());
    int[] palette = new int[boxes.size()];
    for (int i = 0; i < palette.length; i++) {
      palette[i] = boxes.get(i).mean();
      for (ColorBin bin : boxes.get(i).bins()) {
        bin.index = i;
      }
    }
    BufferedImage image = withPalette(palette);
    visit(
        (x, y, rgb) -> {
          image.getRaster().setSample(x, y, 0, bins[bin(rgb)].index);
          return true;
        });
    return image;
  }

  private static int bin(int rgb) {
    int red = rgb >> 24 - BITS & (1 << BITS) - 1;
    int green = rgb >> 16 - BITS & (1 << BITS) - 1;
    int blue = rgb >> 8 - BITS & (1 << BITS) - 1;
    return red << 2 * BITS | green << BITS | blue;
  }

  private static List<ColorBox> cut(List<ColorBin> bins) {
    PriorityQueue<ColorBox> boxes =
        new PriorityQueue<>(Comparator.comparingDouble(ColorBox::scatter).reversed());
    boxes.add(ColorBox.of(bins));
    while (boxes.size() < COLORS && boxes.peek().scatter() > 0) {
      boxes.addAll(boxes.remove().split());
    }
    return new ArrayList<>(boxes);
  }

  private BufferedImage withPalette(int[] palette) {
    byte[][] channels = new byte[3][palette.length];
    for (int i = 0; i < palette.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        channels[channel][i] = (byte) (palette[i] >> 16 - 8 * channel);
      }
    }
    return new BufferedImage(
        rows.width(),
        rows.height(),
        BufferedImage.TYPE_BYTE_INDEXED,
        new IndexColorModel(8, palette.length, channels[0], channels[1], channels[2]));
  }

  /**
   * Bins whose pixels share one color of a palette.
   *
   * @param channel with the largest variance
   * @param middle their mean in this channel
   * @param scatter the sum of their squared distances from the mean in this channel; 0 for boxes
   *     that cannot be split
   */
  private record ColorBox(List<ColorBin> bins, int channel, double middle, double scatter) {

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

    /** Two boxes, one on each side of the mean; or this one, marked as not to be split. */
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

  /** The count and sums of pixels with nearly the same color. */
  private static final class ColorBin {

    private final long[] sums = new long[3];
    private long count;

    /** The palette index; set once the palette is built. */
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
}
