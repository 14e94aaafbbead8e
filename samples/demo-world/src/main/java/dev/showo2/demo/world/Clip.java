package dev.showo2.demo.world;

import dev.showo2.demo.world.Attributes.Position;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/** Draws the clean videos of the world: nine frames of a shape that moves 3 pixels a frame. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Clip {

  private static final int FRAMES = 9;
  private static final int SPEED = 3;

  /** How far the middle of a way may be from the middle of the image, along the way. */
  private static final double ALONG_RANGE = 8;

  private Clip() {}

  /**
   * On a way through one of the world's five places or past it; a big shape may leave the image in
   * part, as in {@code samples/i2v.png}.
   *
   * @param motion start, direction and speed
   * @param seed decides on the way and on the small variations of the looks
   * @return 64x64 each
   */
  public static List<BufferedImage> frames(Motion motion, long seed) {
    Random random = new Random(seed);
    return frames(motion, Chance.any(random, Position.values()), random);
  }

  /**
   * On a way through the middle. There the official code answers questions as well as the demo's
   * README says; elsewhere it takes the shape for another one in a third of the videos.
   */
  static List<BufferedImage> framesThroughMiddle(Motion motion, long seed) {
    return frames(motion, Position.CENTER, new Random(seed));
  }

  private static List<BufferedImage> frames(Motion motion, Position through, Random random) {
    Direction direction = motion.direction();
    boolean horizontal = direction.dx() != 0;
    boolean aside =
        horizontal
            ? through == Position.TOP || through == Position.BOTTOM
            : through == Position.LEFT || through == Position.RIGHT;
    Sprite middle =
        Sprite.of(
            new Attributes(
                motion.shape(),
                motion.color(),
                motion.background(),
                motion.size(),
                aside ? through : Position.CENTER),
            random);
    double along = Chance.within(ALONG_RANGE, random);
    return IntStream.range(0, FRAMES)
        .mapToDouble(frame -> SPEED * (frame - FRAMES / 2) + along)
        .mapToObj(way -> middle.moved(way * direction.dx(), way * direction.dy()))
        .map(SpriteRenderer::draw)
        .toList();
  }
}
