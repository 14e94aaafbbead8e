package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VaeMemoryLimitTest {

  private static final long GIBIBYTE = 1L << 30;

  private static final int WIDTH = 96;

  @Test
  void whatTheMachineCouldNeverHoldIsRefused() {
    VaeMemoryLimit memory = limit(24 * GIBIBYTE);
    memory.requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 128, 128), 1, true);
    memory.requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(11, 16, 1, 128, 128), 1, true);
    assertEquals(
        "stage vae_image_decoder: 256x256 latents need at least 32768 MiB, this machine has"
            + " 24576 MiB in all; ask for a smaller image, or use tiles",
        refusal(memory, Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 256, 256), 1, true));
    refusal(memory, Stage.VAE_VIDEO_DECODER, Shape.of(12, 16, 1, 128, 128), 1, true);
  }

  @Test
  void imagesCountByTheirLatents() {
    VaeMemoryLimit memory = limit(GIBIBYTE);
    memory.requireFor(Stage.VAE_VIDEO_ENCODER, Shape.of(1, 3, 4, 432, 432), 8, true);
    assertTrue(
        refusal(memory, Stage.VAE_IMAGE_ENCODER, Shape.of(1, 3, 1, 1024, 1024), 8, true)
            .startsWith("stage vae_image_encoder: 128x128 latents need at least 2048 MiB,"));
  }

  /** Three times 96 channels of 1024x1024 pixels are 1152 MiB. */
  @Test
  void withoutScoresAnImageNeedsWhatItsConvolutionsDo() {
    limit(2 * GIBIBYTE).requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 128, 128), 1, false);
    assertTrue(
        refusal(limit(GIBIBYTE), Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 128, 128), 1, false)
            .startsWith("stage vae_image_decoder: 128x128 latents need at least 1152 MiB,"));
    limit(24 * GIBIBYTE)
        .requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 256, 256), 1, false);
  }

  @Test
  void sizesBeyondAllBoundsAreCountedToo() {
    Shape input = Shape.of(1, 1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE);
    refusal(limit(Long.MAX_VALUE), Stage.VAE_IMAGE_DECODER, input, 1, true);
    refusal(limit(Long.MAX_VALUE), Stage.VAE_IMAGE_DECODER, input, 1, false);
  }

  @Test
  void machinesAndShapesThatAreUnknownAreLeftAlone() {
    Shape large = Shape.of(1, 16, 1, 4096, 4096);
    new VaeMemoryLimit(OptionalLong.empty(), WIDTH)
        .requireFor(Stage.VAE_IMAGE_DECODER, large, 1, true);
    limit(1).requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(9), 1, true);
  }

  @Test
  void thisMachineIsKnown() {
    assertTrue(VaeMemoryLimit.ofThisMachine().orElseThrow() > GIBIBYTE / 4);
  }

  private static VaeMemoryLimit limit(long machine) {
    return new VaeMemoryLimit(OptionalLong.of(machine), WIDTH);
  }

  private static String refusal(
      VaeMemoryLimit memory, Stage stage, Shape input, int scale, boolean holdsScores) {
    return assertThrows(
            InsufficientMemoryException.class,
            () -> memory.requireFor(stage, input, scale, holdsScores))
        .getMessage();
  }
}
