package dev.showo2.demo.world;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.demo.world.Attributes.Background;
import dev.showo2.demo.world.Attributes.Color;
import dev.showo2.demo.world.Attributes.Shape;
import dev.showo2.demo.world.Attributes.Size;
import dev.showo2.demo.world.Motion.Direction;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MotionClassifierTest {

  private final Random random = new Random(3);
  private final BufferedImage plain =
      new BufferedImage(Plane.SIDE, Plane.SIDE, BufferedImage.TYPE_INT_RGB);

  @ParameterizedTest
  @EnumSource(Direction.class)
  void seesTheDirectionThroughBlurAndNoise(Direction direction) {
    for (Shape shape : Shape.values()) {
      List<BufferedImage> frames =
          clip(shape, direction).stream()
              .map(frame -> Degraded.noisy(Degraded.blurred(frame, 8), 8, random))
              .toList();
      assertEquals(Optional.of(direction), MotionClassifier.direction(frames), shape::toString);
    }
  }

  @Test
  void backwardsIsTheOtherDirection() {
    List<BufferedImage> right = clip(Shape.CROSS, Direction.RIGHT);
    assertEquals(
        Optional.of(Direction.LEFT),
        MotionClassifier.direction(List.of(right.get(8), right.get(0))));
  }

  @Test
  void aShapeThatStandsHasNoDirection() {
    BufferedImage frame = clip(Shape.CIRCLE, Direction.UP).get(0);
    assertEquals(
        Optional.empty(),
        MotionClassifier.direction(List.of(frame, Degraded.noisy(frame, 8, random))));
  }

  @Test
  void framesThatShowNothingDoNotCount() {
    List<BufferedImage> frames = new ArrayList<>(clip(Shape.SQUARE, Direction.DOWN));
    frames.set(0, plain);
    frames.set(8, plain);
    assertEquals(Optional.of(Direction.DOWN), MotionClassifier.direction(frames));
  }

  @Test
  void oneFrameThatShowsAShapeHasNoDirection() {
    BufferedImage frame = clip(Shape.CIRCLE, Direction.UP).get(0);
    assertEquals(Optional.empty(), MotionClassifier.direction(List.of(plain, frame, plain)));
    assertEquals(Optional.empty(), MotionClassifier.direction(List.of(plain, plain)));
  }

  private static List<BufferedImage> clip(Shape shape, Direction direction) {
    return Clip.frames(new Motion(shape, Color.RED, Background.WHITE, Size.BIG, direction), 1);
  }
}
