package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.media.internal.Pixels;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Compares previews with a decoder that is a linear map of the channels: they are equal, only
 * smaller. A model that only draws is asked for its decoder's colors, for want of an encoder.
 */
class LatentPreviewTest {

  private static final int CHANNELS = 16;
  private static final float[] WEIGHTS = new TorchRandom(1).normals(3 * CHANNELS);
  private static final float[] BIAS = {-0.3f, 0, 0.4f};

  @Test
  void theDecodersMapIsFound() {
    LatentPreview preview = preview();
    for (int rgb = 0; rgb < 3; rgb++) {
      assertEquals(BIAS[rgb], preview.bias()[rgb], 0.01);
      for (int channel = 0; channel < CHANNELS; channel++) {
        assertEquals(weight(rgb, channel), preview.weights()[rgb][channel], 0.01);
      }
    }
  }

  @Test
  void aImageLooksAsItsDecoding() {
    HostTensor latents = latents(1);
    BufferedImage expected = Pixels.toImage(decoded(latents).reshape(3, 16, 24));
    assertLooks(expected, preview().frames(latents).get(0));
  }

  @Test
  void soDoesEachFrameOfAVideo() {
    HostTensor latents = latents(3);
    List<BufferedImage> frames = preview().frames(latents);
    assertEquals(3, frames.size());
    for (int t = 0; t < 3; t++) {
      HostTensor frame = new LatentFrames(latents.shape()).frame(latents, t);
      assertLooks(Pixels.toImage(decoded(frame).reshape(3, 16, 24)), frames.get(t));
    }
  }

  private static LatentPreview preview() {
    FakeBackend backend =
        new FakeBackend().without(Stage.VAE_IMAGE_ENCODER).decodingBy(LatentPreviewTest::decoded);
    return LatentPreview.of(backend, CHANNELS);
  }

  private static HostTensor latents(int frames) {
    float[] values = new TorchRandom(2).normals(CHANNELS * frames * 6);
    for (int i = 0; i < values.length; i++) {
      values[i] *= 0.1f;
    }
    return new HostTensor(Shape.of(1, CHANNELS, frames, 2, 3), values);
  }

  private static float weight(int rgb, int channel) {
    return WEIGHTS[rgb * CHANNELS + channel];
  }

  /** Each latent gives 8x8 pixels of the same color. */
  private static HostTensor decoded(HostTensor latents) {
    int height = (int) latents.shape().dimension(3);
    int width = (int) latents.shape().dimension(4);
    int batch = (int) latents.shape().dimension(0);
    Shape shape = Shape.of(batch, 3, 1, 8L * height, 8L * width);
    float[] pixels = new float[(int) shape.elementCount()];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % (8 * width) / 8;
      int y = i / (8 * width) % (8 * height) / 8;
      int rgb = i / (64 * width * height) % 3;
      int image = i / (3 * 64 * width * height);
      pixels[i] = BIAS[rgb];
      for (int channel = 0; channel < CHANNELS; channel++) {
        int at = ((image * CHANNELS + channel) * height + y) * width + x;
        pixels[i] += weight(rgb, channel) * latents.values()[at];
      }
    }
    return new HostTensor(shape, pixels);
  }

  private static void assertLooks(BufferedImage expected, BufferedImage preview) {
    assertEquals(expected.getWidth(), 8 * preview.getWidth());
    assertEquals(expected.getHeight(), 8 * preview.getHeight());
    for (int y = 0; y < preview.getHeight(); y++) {
      for (int x = 0; x < preview.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int wanted = expected.getRGB(8 * x, 8 * y) >> shift & 0xff;
          int found = preview.getRGB(x, y) >> shift & 0xff;
          // The fit leans a little towards maps that are flat.
          assertTrue(Math.abs(wanted - found) <= 2, wanted + " became " + found);
        }
      }
    }
  }
}
