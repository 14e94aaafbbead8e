package dev.showo2.demo.world;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.apiguardian.api.API;

/** How often generated videos show what was asked for, in the terms of the demo's README. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MotionScores {

  private record Judged(
      Motion expected,
      Optional<Direction> direction,
      Optional<Attributes> first,
      Optional<Attributes> last,
      OptionalDouble kept) {}

  private final List<Judged> judged = new ArrayList<>();

  /**
   * Judges a video from text.
   *
   * @param prompt the prompt
   * @param frames the frames, in their order
   */
  public void add(MotionPrompt prompt, List<BufferedImage> frames) {
    add(prompt, frames, OptionalDouble.empty());
  }

  /**
   * Judges a video from an image.
   *
   * @param prompt the prompt
   * @param frames the frames, in their order
   * @param given the image that the video began with
   */
  public void add(MotionPrompt prompt, List<BufferedImage> frames, BufferedImage given) {
    add(prompt, frames, OptionalDouble.of(Psnr.between(given, frames.get(0))));
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

  /** {@return the share of videos that move where they should, from 0 to 1} */
  public double direction() {
    return share(each -> each.direction().equals(Optional.of(each.expected().direction())));
  }

  /** {@return the share of videos whose first frame has the right color, from 0 to 1} */
  public double colorOfFirst() {
    return share(each -> shows(each.first(), Attribute.COLOR, each.expected().color()));
  }

  /** {@return the share of videos whose last frame has the right color, from 0 to 1} */
  public double colorOfLast() {
    return share(each -> shows(each.last(), Attribute.COLOR, each.expected().color()));
  }

  /** {@return the share of videos whose first frame has the right shape, from 0 to 1} */
  public double shapeOfFirst() {
    return share(each -> shows(each.first(), Attribute.SHAPE, each.expected().shape()));
  }

  /** {@return the share of videos whose last frame has the right shape, from 0 to 1} */
  public double shapeOfLast() {
    return share(each -> shows(each.last(), Attribute.SHAPE, each.expected().shape()));
  }

  /** {@return how well first frames are kept: mean PSNR to the given images, in decibels} */
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
}
