package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.OpenBackend.assertFar;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class VaeStreamTest {

  @Test
  void theFirstLatentFrameIsAImageAndLaterOnesKnowTheirPast(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor latent = open.uploadRandom(1, 2, 16, 1, 2, 3);
        VaeDecoderStream stream =
            open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified());
        VaeDecoderStream other =
            open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      HostTensor image = take(open.backend().vaeDecoder().decodeImage(latent));
      assertEquals(Shape.of(2, 3, 1, 16, 24), image.shape());
      assertEquals(image, take(stream.decode(latent)));
      HostTensor second = take(stream.decode(latent));
      assertEquals(Shape.of(2, 3, 4, 16, 24), second.shape());
      HostTensor third = take(stream.decode(latent));
      assertFar(second, third);
      assertEquals(image, take(other.decode(latent)), "streams do not know of each other");
      assertEquals(second, take(other.decode(latent)));
    }
  }

  @Test
  void theFirstFrameIsEncodedLikeAImage(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor frame = open.uploadRandom(2, 1, 3, 1, 16, 8);
        Tensor chunk = open.uploadRandom(3, 1, 3, 4, 16, 8);
        VaeEncoderStream stream =
            open.backend().vaeEncoder().openStream(VaeStreamRequest.unspecified());
        LatentDistribution image = open.backend().vaeEncoder().encodeImage(frame);
        LatentDistribution first = stream.encode(frame);
        LatentDistribution next = stream.encode(chunk)) {
      assertEquals(Shape.of(1, 16, 1, 2, 1), image.mean().shape());
      assertEquals(image.mean().toHost(), first.mean().toHost());
      assertEquals(image.logVariance().toHost(), first.logVariance().toHost());
      assertFar(first.mean().toHost(), next.mean().toHost());
    }
  }

  @Test
  void whatIsRefusedLeavesTheStreamWhereItWas(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor latent = open.uploadRandom(4, 1, 16, 1, 2, 2);
        Tensor pair = open.uploadRandom(4, 2, 16, 1, 2, 2);
        Tensor chunk = open.uploadRandom(5, 1, 16, 4, 2, 2);
        VaeDecoderStream disturbed =
            open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified());
        VaeDecoderStream stream =
            open.backend().vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      assertRefused(
          "latents [B, 16, 1, h, w] is needed, found [1, 16, 4, 2, 2]",
          () -> disturbed.decode(chunk));
      take(disturbed.decode(latent));
      take(stream.decode(latent));
      assertRefused(
          "latents [B, 16, 1, h, w] of the batch and size of the first chunk [1, 16, 1, 2, 2] is"
              + " needed, found [2, 16, 1, 2, 2]",
          () -> disturbed.decode(pair));
      assertEquals(take(stream.decode(latent)), take(disturbed.decode(latent)));
    }
  }

  @Test
  void framesOfAnotherSizeOrNumberAreRefused(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-b"));
        Tensor odd = open.uploadRandom(6, 1, 3, 1, 16, 12);
        Tensor chunk = open.uploadRandom(7, 1, 3, 4, 16, 8);
        Tensor frame = open.uploadRandom(7, 1, 3, 1, 16, 8);
        Tensor larger = open.uploadRandom(7, 1, 3, 4, 16, 16);
        VaeEncoderStream stream =
            open.backend().vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
      assertRefused(
          "pixels [B, 3, 1, H, W] with height and width in multiples of 8 is needed, found"
              + " [1, 3, 1, 16, 12]",
          () -> open.backend().vaeEncoder().encodeImage(odd));
      assertRefused(
          "pixels [B, 3, 1, H, W] is needed, found [1, 3, 4, 16, 8]", () -> stream.encode(chunk));
      stream.encode(frame).close();
      assertRefused(
          "pixels [B, 3, 4, H, W] of the batch and size of the first chunk [1, 3, 1, 16, 8] is"
              + " needed, found [1, 3, 1, 16, 8]",
          () -> stream.encode(frame));
      assertRefused(
          "pixels [B, 3, 4, H, W] of the batch and size of the first chunk [1, 3, 1, 16, 8] is"
              + " needed, found [1, 3, 4, 16, 16]",
          () -> stream.encode(larger));
      stream.encode(chunk).close();
      VaeEncoderStream closed =
          open.backend().vaeEncoder().openStream(VaeStreamRequest.unspecified());
      closed.close();
      closed.close();
      assertEquals(
          "the stream of stage vae_video_encoder is closed",
          assertThrows(IllegalStateException.class, () -> closed.encode(frame)).getMessage());
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
