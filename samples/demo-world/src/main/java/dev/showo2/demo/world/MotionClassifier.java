package dev.showo2.demo.world;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * Tells where the shape of a video moves: along the straight line that fits best to its middle in
 * the frames that show it. Generated shapes fade out now and then, in the first or the last frame
 * more often than in others, so these two alone would not do.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MotionClassifier {

  /** From the first frame to the last, in pixels; the world's shapes go 24. */
  private static final double LEAST_WAY = 2;

  /** Where the middle of the shape is in a frame. */
  private record Place(int frame, double x, double y) {}

  private MotionClassifier() {}

  /**
   * Empty if the shape stays where it is, or if fewer than two frames show one.
   *
   * @param frames the frames, in their order
   * @return the direction, or empty
   */
  public static Optional<Direction> direction(List<BufferedImage> frames) {
    List<Place> places =
        IntStream.range(0, frames.size())
            .boxed()
            .flatMap(frame -> place(frame, frames.get(frame)).stream())
            .toList();
    if (places.size() < 2) {
      return Optional.empty();
    }
    double dx = (frames.size() - 1) * slope(places, Place::x);
    double dy = (frames.size() - 1) * slope(places, Place::y);
    return Arrays.stream(Direction.values())
        .max(Comparator.comparingDouble(each -> along(each, dx, dy)))
        .filter(best -> along(best, dx, dy) >= LEAST_WAY);
  }

  private static Optional<Place> place(int frame, BufferedImage image) {
    return ColorSplit.of(image)
        .map(split -> Mask.of(split.coverage()))
        .map(shape -> new Place(frame, shape.centroidX(), shape.centroidY()));
  }

  /** In pixels a frame, by least squares. */
  private static double slope(List<Place> places, ToDoubleFunction<Place> coordinate) {
    double meanFrame = places.stream().mapToInt(Place::frame).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Place place : places) {
      double since = place.frame() - meanFrame;
      products += since * coordinate.applyAsDouble(place);
      squares += since * since;
    }
    return products / squares;
  }

  private static double along(Direction direction, double dx, double dy) {
    return direction.dx() * dx + direction.dy() * dy;
  }
}
