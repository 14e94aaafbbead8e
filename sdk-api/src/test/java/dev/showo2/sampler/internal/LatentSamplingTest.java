package dev.showo2.sampler.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.sampler.Goldens;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;

class LatentSamplingTest {

  @Test
  void equalsTheGolden() {
    HostTensor mean = Goldens.read("latent_sampling", "mean");
    HostTensor latents =
        LatentSampling.sample(mean, Goldens.read("latent_sampling", "logvar"), new TorchRandom(5));
    assertEquals(mean.shape(), latents.shape());
    assertArrayEquals(Goldens.read("latent_sampling", "latents").values(), latents.values(), 2e-6f);
  }

  @Test
  void theLogVarianceIsClamped() {
    float[] eps = new TorchRandom(1).normals(4);
    float[] latents = sample(new float[4], new float[] {-200, -30, 20, 200});
    assertEquals((float) Math.exp(-15) * eps[0], latents[0], 1e-12);
    assertEquals((float) Math.exp(-15) * eps[1], latents[1], 1e-12);
    assertEquals(Math.exp(10) * eps[2], latents[2], 1e-2);
    assertEquals(Math.exp(10) * eps[3], latents[3], 1e-2);
  }

  @Test
  void shapesThatDifferAreRefused() {
    HostTensor mean = new HostTensor(Shape.of(1, 4), new float[4]);
    HostTensor logVariance = new HostTensor(Shape.of(4), new float[4]);
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> LatentSampling.sample(mean, logVariance, new TorchRandom(1)),
        "[1, 4] and [4]");
  }

  private static float[] sample(float[] mean, float[] logVariance) {
    Shape shape = Shape.of(mean.length);
    return LatentSampling.sample(
            new HostTensor(shape, mean), new HostTensor(shape, logVariance), new TorchRandom(1))
        .values();
  }
}
