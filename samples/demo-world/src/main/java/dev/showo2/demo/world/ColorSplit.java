package dev.showo2.demo.world;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The two colors of an image, and the part of every pixel that belongs to the shape. */
record ColorSplit(Rgb background, Rgb shape, Plane coverage) {

  /** Purple on gray, the weakest pair of the world, is 85 apart. */
  private static final double LEAST_CONTRAST = 40;

  /** The smallest shape has about 100 pixels; its 40 strongest are clear of the blurred edge. */
  private static final int CORE_PIXELS = 40;

  /** Empty if the image is plain. */
  static Optional<ColorSplit> of(BufferedImage image) {
    if (image.getWidth() != Plane.SIDE || image.getHeight() != Plane.SIDE) {
      throw new IllegalArgumentException(
          "64x64 was expected, found " + image.getWidth() + "x" + image.getHeight());
    }
    // A shape touches one side at most, so the median is background.
    Rgb background = median(pixels(image, ColorSplit::onBorder));
    List<Rgb> strongest = pixels(image, (x, y) -> true);
    strongest.sort(Comparator.comparingDouble(background::distance).reversed());
    Rgb contrast = median(strongest.subList(0, CORE_PIXELS)).minus(background);
    if (contrast.dot(contrast) < LEAST_CONTRAST * LEAST_CONTRAST) {
      return Optional.empty();
    }
    Plane coverage =
        new Plane(
            (x, y) ->
                Rgb.of(image.getRGB(x, y)).minus(background).dot(contrast)
                    / contrast.dot(contrast));
    // More than the strongest pixels, because the model leaves dark blots on some shapes, but
    // without the edge, which a blur mixes with the background.
    List<Rgb> body = pixels(image, (x, y) -> coverage.at(x, y) > 0.7);
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(new ColorSplit(background, median(body), coverage));
  }

  private interface Choice {
    boolean takes(int x, int y);
  }

  private static boolean onBorder(int x, int y) {
    return Math.min(x, y) == 0 || Math.max(x, y) == Plane.SIDE - 1;
  }

  private static List<Rgb> pixels(BufferedImage image, Choice choice) {
    List<Rgb> pixels = new ArrayList<>();
    for (int y = 0; y < Plane.SIDE; y++) {
      for (int x = 0; x < Plane.SIDE; x++) {
        if (choice.takes(x, y)) {
          pixels.add(Rgb.of(image.getRGB(x, y)));
        }
      }
    }
    return pixels;
  }

  private static Rgb median(List<Rgb> colors) {
    return new Rgb(median(colors, Rgb::red), median(colors, Rgb::green), median(colors, Rgb::blue));
  }

  private static double median(List<Rgb> colors, ToDoubleFunction<Rgb> channel) {
    double[] values = colors.stream().mapToDouble(channel).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
