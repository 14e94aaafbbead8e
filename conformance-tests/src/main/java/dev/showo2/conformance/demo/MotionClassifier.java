package dev.showo2.conformance.demo;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Tells where the shape of a video moves: from the middle of what the first frame shows to that of
 * the last.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class MotionClassifier {

  /** In pixels; the world's shapes go 24. */
  private static final double LEAST_WAY = 2;

  private MotionClassifier() {}

  /** Empty if the shape stays where it is, or if the first or the last frame is plain. */
  public static Optional<Direction> direction(List<BufferedImage> frames) {
    Optional<Plane> first = shape(frames.get(0));
    Optional<Plane> last = shape(frames.get(frames.size() - 1));
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    double dx = last.get().centroidX() - first.get().centroidX();
    double dy = last.get().centroidY() - first.get().centroidY();
    return Arrays.stream(Direction.values())
        .max(Comparator.comparingDouble(each -> along(each, dx, dy)))
        .filter(best -> along(best, dx, dy) >= LEAST_WAY);
  }

  private static double along(Direction direction, double dx, double dy) {
    return direction.dx() * dx + direction.dy() * dy;
  }

  private static Optional<Plane> shape(BufferedImage frame) {
    return ColorSplit.of(frame).map(split -> Mask.of(split.coverage()));
  }
}
