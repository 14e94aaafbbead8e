package dev.showo2.pipeline.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.BackendException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Two channels of three frames of 1x2 values; each value is channel, frame and column. */
class LatentFramesTest {

  private static final HostTensor LATENTS =
      new HostTensor(
          Shape.of(1, 2, 3, 1, 2),
          new float[] {0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121});

  private final LatentFrames frames = new LatentFrames(LATENTS.shape());

  @Test
  void aFrameHasTheValuesOfAllChannels() {
    Shape one = Shape.of(1, 2, 1, 1, 2);
    assertEquals(3, frames.count());
    assertEquals(new HostTensor(one, new float[] {0, 1, 100, 101}), frames.frame(LATENTS, 0));
    assertEquals(new HostTensor(one, new float[] {10, 11, 110, 111}), frames.frame(LATENTS, 1));
    assertEquals(new HostTensor(one, new float[] {20, 21, 120, 121}), frames.frame(LATENTS, 2));
  }

  @Test
  void anotherFirstFrameLeavesTheOthersAndTheOriginal() {
    float[] before = LATENTS.values().clone();
    HostTensor first = new HostTensor(Shape.of(1, 2, 1, 1, 2), new float[] {-1, -2, -3, -4});
    assertArrayEquals(
        new float[] {-1, -2, 10, 11, 20, 21, -3, -4, 110, 111, 120, 121},
        frames.withFirst(LATENTS, first).values());
    assertArrayEquals(before, LATENTS.values());
  }

  @Test
  void zerosInTheFirstFrameLeaveTheOthersAndTheOriginal() {
    float[] before = LATENTS.values().clone();
    assertArrayEquals(
        new float[] {0, 0, 10, 11, 20, 21, 0, 0, 110, 111, 120, 121},
        frames.withFirstAtZero(LATENTS.values()));
    assertArrayEquals(before, LATENTS.values());
  }

  @Test
  void aBatchIsMoreChannels() {
    HostTensor batch = LATENTS.reshape(2, 1, 3, 1, 2);
    LatentFrames ofBatch = new LatentFrames(batch.shape());
    assertEquals(
        new HostTensor(Shape.of(2, 1, 1, 1, 2), new float[] {10, 11, 110, 111}),
        ofBatch.frame(batch, 1));
  }

  @Test
  void refusesAFirstFrameThatDoesNotFit() {
    HostTensor wide = new HostTensor(Shape.of(1, 2, 1, 1, 3), new float[6]);
    assertFails(
        BackendException.class,
        () -> frames.withFirst(LATENTS, wide),
        "first frame: latents [1, 2, 1, 1, 2] are needed, found [1, 2, 1, 1, 3]");
  }
}
