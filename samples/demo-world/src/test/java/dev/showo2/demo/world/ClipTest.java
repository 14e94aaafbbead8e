package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.demo.world.Attributes.Position;
import dev.showo2.demo.world.Motion.Direction;
import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClipTest {

  private static final int COUNT = 100;

  private final List<Motion> motions =
      MotionGrammar.prompts(5, COUNT).stream().map(MotionPrompt::expected).toList();

  @Test
  void everyClipMovesAsItShould() {
    for (int i = 0; i < COUNT; i++) {
      List<BufferedImage> frames = Clip.frames(motions.get(i), i);
      assertEquals(9, frames.size());
      assertEquals(
          Optional.of(motions.get(i).direction()), MotionClassifier.direction(frames), "clip " + i);
    }
  }

  @Test
  void everyFrameInTheMiddleShowsTheShape() {
    for (int i = 0; i < COUNT; i++) {
      Motion motion = motions.get(i);
      BufferedImage middle = Clip.framesThroughMiddle(motion, i).get(4);
      Attributes seen = ShapeClassifier.classify(middle).orElseThrow();
      assertEquals(
          new Attributes(
              motion.shape(), motion.color(), motion.background(), motion.size(), seen.position()),
          seen,
          "clip " + i);
    }
  }

  @Test
  void waysToTheRightLeadThroughTheMiddleOrThroughEveryHeight() {
    Map<Position, Long> counts =
        IntStream.range(0, COUNT)
            .mapToObj(seed -> height(Clip.frames(right(seed), seed)))
            .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
    assertEquals(Set.of(Position.TOP, Position.CENTER, Position.BOTTOM), counts.keySet());
    assertEquals(0.6 * COUNT, counts.get(Position.CENTER), 0.15 * COUNT);
    assertEquals(0.2 * COUNT, counts.get(Position.TOP), 0.15 * COUNT);
    for (int seed = 0; seed < COUNT; seed++) {
      assertEquals(Position.CENTER, height(Clip.framesThroughMiddle(right(seed), seed)));
    }
  }

  private Motion right(int index) {
    Motion any = motions.get(index);
    return new Motion(any.shape(), any.color(), any.background(), any.size(), Direction.RIGHT);
  }

  private static Position height(List<BufferedImage> frames) {
    Position position = ShapeClassifier.classify(frames.get(4)).orElseThrow().position();
    return position == Position.LEFT || position == Position.RIGHT ? Position.CENTER : position;
  }

  @Test
  void theSeedDecides() {
    assertEquals(Double.POSITIVE_INFINITY, MotionScores.psnr(first(1), first(1)));
    assertNotEquals(Double.POSITIVE_INFINITY, MotionScores.psnr(first(1), first(2)));
  }

  private BufferedImage first(long seed) {
    return Clip.frames(motions.get(0), seed).get(0);
  }
}
