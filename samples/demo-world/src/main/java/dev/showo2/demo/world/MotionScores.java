package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Attribute;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/**
 * The shares of generated videos that show what was asked for, in the terms of the demo's README.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MotionScores {

  private record Judged(
      Motion expected,
      Optional<Direction> direction,
      Optional<Attributes> first,
      Optional<Attributes> last,
      OptionalDouble kept) {}

  /** The largest 8-bit value. */
  private static final double PEAK = 255;

  private final List<Judged> judged = new ArrayList<>();

  /**
   * Judges a video from text.
   *
   * @param prompt the prompt that it was generated for
   * @param frames in their order, 64x64
   */
  public void add(MotionPrompt prompt, List<BufferedImage> frames) {
    add(prompt, frames, OptionalDouble.empty());
  }

  /**
   * Judges a video from an image.
   *
   * @param prompt the prompt that it was generated for
   * @param frames in their order, 64x64
   * @param given the image that the first frame should keep
   */
  public void add(MotionPrompt prompt, List<BufferedImage> frames, BufferedImage given) {
    add(prompt, frames, OptionalDouble.of(psnr(given, frames.get(0))));
  }

  private void add(MotionPrompt prompt, List<BufferedImage> frames, OptionalDouble kept) {
    judged.add(
        new Judged(
            prompt.expected(),
            MotionClassifier.direction(frames),
            ShapeClassifier.classify(frames.get(0)),
            ShapeClassifier.classify(frames.get(frames.size() - 1)),
            kept));
  }

  /**
   * The number of videos judged.
   *
   * @return 0 or more
   */
  public int count() {
    return judged.size();
  }

  /**
   * The share of videos that move in the direction asked for.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double direction() {
    return share(each -> each.direction().equals(Optional.of(each.expected().direction())));
  }

  /**
   * The share of videos whose first frame shows the right color.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double colorOfFirst() {
    return share(each -> shows(each.first(), Attribute.COLOR, each.expected().color()));
  }

  /**
   * The share of videos whose last frame shows the right color.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double colorOfLast() {
    return share(each -> shows(each.last(), Attribute.COLOR, each.expected().color()));
  }

  /**
   * The share of videos whose first frame shows the right shape.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double shapeOfFirst() {
    return share(each -> shows(each.first(), Attribute.SHAPE, each.expected().shape()));
  }

  /**
   * The share of videos whose last frame shows the right shape.
   *
   * @return 0 to 1; NaN where nothing was judged
   */
  public double shapeOfLast() {
    return share(each -> shows(each.last(), Attribute.SHAPE, each.expected().shape()));
  }

  /**
   * The mean PSNR of first frames to the given images.
   *
   * @return decibels; NaN where no image was given
   */
  public double firstFrameKept() {
    return judged.stream()
        .flatMapToDouble(each -> each.kept().stream())
        .average()
        .orElse(Double.NaN);
  }

  /** The README's row. */
  @Override
  public String toString() {
    String line =
        String.format(
            Locale.ROOT,
            "direction %.1f %%, shape first/last %.1f %% / %.1f %%, color %.1f %% / %.1f %%",
            100 * direction(),
            100 * shapeOfFirst(),
            100 * shapeOfLast(),
            100 * colorOfFirst(),
            100 * colorOfLast());
    double kept = firstFrameKept();
    return line
        + (Double.isNaN(kept) ? "" : String.format(Locale.ROOT, ", first kept at %.1f dB", kept))
        + ", "
        + judged.size()
        + " videos";
  }

  private static boolean shows(Optional<Attributes> seen, Attribute attribute, Enum<?> expected) {
    return seen.filter(found -> attribute.of(found) == expected).isPresent();
  }

  private double share(Predicate<Judged> right) {
    return judged.stream().filter(right).count() / (double) judged.size();
  }

  /**
   * Peak signal-to-noise ratio in decibels, over the three channels of all pixels; infinite for
   * equal images.
   */
  static double psnr(BufferedImage a, BufferedImage b) {
    if (a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) {
      throw new IllegalArgumentException(
          "images of one size were expected, found %dx%d and %dx%d"
              .formatted(a.getWidth(), a.getHeight(), b.getWidth(), b.getHeight()));
    }
    double squares = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        Rgb difference = Rgb.of(a.getRGB(x, y)).minus(Rgb.of(b.getRGB(x, y)));
        squares += difference.dot(difference);
      }
    }
    double mean = squares / (3.0 * a.getWidth() * a.getHeight());
    return 10 * Math.log10(PEAK * PEAK / mean);
  }
}
