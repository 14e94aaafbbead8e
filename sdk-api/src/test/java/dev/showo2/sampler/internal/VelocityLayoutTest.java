package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.sampler.Goldens;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VelocityLayoutTest {

  @ParameterizedTest
  @CsvSource({"one_span, 8, 8", "batch, 8, 8", "wide_batch, 8, 12"})
  void equalsTheGolden(String name, int height, int width) {
    HostTensor rows = Goldens.read("velocity_layout", name + ".token_velocity");
    HostTensor expected = Goldens.read("velocity_layout", name + ".velocity");
    HostTensor velocity = VelocityLayout.unpatchify(rows, 1, height, width);
    assertEquals(Shape.of(rows.shape().dimension(0), 16, 1, height, width), velocity.shape());
    assertArrayEquals(expected.values(), velocity.values(), 0);
  }

  /** SPEC 6, element by element, for two rows of a batch and three frames. */
  @Test
  void framesFollowOneAnother() {
    int frames = 3;
    int height = 4;
    int width = 6;
    int tokens = frames * 6;
    float[] rows = new float[2 * tokens * 12];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    HostTensor tokenVelocity = new HostTensor(Shape.of(2, tokens, 12), rows);
    float[] velocity = VelocityLayout.unpatchify(tokenVelocity, frames, height, width).values();
    int at = 0;
    for (int b = 0; b < 2; b++) {
      for (int c = 0; c < 3; c++) {
        for (int t = 0; t < frames; t++) {
          for (int n = 0; n < height * width; n++) {
            int row = b * tokens + t * 6 + n / 4;
            assertEquals(rows[row * 12 + n % 4 * 3 + c], velocity[at++]);
          }
        }
      }
    }
  }

  @Test
  void sizesThatDoNotAgreeAreRefused() {
    assertFails(Shape.of(1, 15, 64), 1, 8, 8, "need token velocities [B, 16, 4·C]", "[1, 15, 64]");
    assertFails(Shape.of(1, 16, 62), 1, 8, 8, "[1, 16, 62]");
    assertFails(Shape.of(16, 64), 1, 8, 8, "[16, 64]");
    assertFails(Shape.of(1, 16, 64), 2, 8, 8, "2 frames of 8×8", "[B, 32, 4·C]");
  }

  @Test
  void sizesThatNoPatchFillsAreRefused() {
    assertFails(Shape.of(1, 12, 64), 1, 7, 8, "even height and width", "1 frames of 7×8");
    assertFails(Shape.of(1, 12, 64), 1, 8, 7, "even height and width", "8×7");
    assertFails(Shape.of(1, 0, 64), 0, 8, 8, "at least one frame", "0 frames");
    assertFails(Shape.of(1, 16, 64), 1, -8, -8, "-8×-8");
  }

  private static void assertFails(Shape shape, int frames, int height, int width, String... parts) {
    HostTensor rows = new HostTensor(shape, new float[(int) shape.elementCount()]);
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> VelocityLayout.unpatchify(rows, frames, height, width),
        parts);
  }
}
