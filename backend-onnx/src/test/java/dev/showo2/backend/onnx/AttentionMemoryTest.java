package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AttentionMemoryTest {

  private static final long GIBIBYTE = 1L << 30;

  @Test
  void whatTheMachineCouldNeverHoldIsRefused() {
    AttentionMemory memory = new AttentionMemory(OptionalLong.of(24 * GIBIBYTE));
    memory.requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 128, 128), 1);
    memory.requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(11, 16, 1, 128, 128), 1);
    assertEquals(
        "stage vae_image_decoder: attention over 256x256 latents needs 32768 MiB, this machine has"
            + " 24576 MiB in all; ask for a smaller image, or use tiles",
        refusal(memory, Stage.VAE_IMAGE_DECODER, Shape.of(1, 16, 1, 256, 256), 1));
    refusal(memory, Stage.VAE_VIDEO_DECODER, Shape.of(12, 16, 1, 128, 128), 1);
  }

  @Test
  void imagesCountByTheirLatents() {
    AttentionMemory memory = new AttentionMemory(OptionalLong.of(GIBIBYTE));
    memory.requireFor(Stage.VAE_VIDEO_ENCODER, Shape.of(1, 3, 4, 432, 432), 8);
    assertTrue(
        refusal(memory, Stage.VAE_IMAGE_ENCODER, Shape.of(1, 3, 1, 1024, 1024), 8)
            .startsWith("stage vae_image_encoder: attention over 128x128 latents needs 2048 MiB,"));
  }

  @Test
  void sizesBeyondAllBoundsAreCountedToo() {
    AttentionMemory memory = new AttentionMemory(OptionalLong.of(Long.MAX_VALUE));
    refusal(
        memory,
        Stage.VAE_IMAGE_DECODER,
        Shape.of(1, 1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE),
        1);
  }

  @Test
  void machinesAndShapesThatAreUnknownAreLeftAlone() {
    Shape large = Shape.of(1, 16, 1, 4096, 4096);
    new AttentionMemory(OptionalLong.empty()).requireFor(Stage.VAE_IMAGE_DECODER, large, 1);
    new AttentionMemory(OptionalLong.of(1)).requireFor(Stage.VAE_IMAGE_DECODER, Shape.of(9), 1);
  }

  @Test
  void thisMachineIsKnown() {
    assertTrue(AttentionMemory.ofThisMachine().machine().orElseThrow() > GIBIBYTE / 4);
  }

  private static String refusal(AttentionMemory memory, Stage stage, Shape input, int scale) {
    return assertThrows(
            InsufficientMemoryException.class, () -> memory.requireFor(stage, input, scale))
        .getMessage();
  }
}
