package dev.showo2.sampler.internal;

import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import org.apiguardian.api.API;

/**
 * Draws latents from the distribution that the VAE encoder gives (SPEC 1).
 *
 * <p>Thread-safe, each with its own {@link TorchRandom}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class LatentSampling {

  private static final float LEAST_LOG_VARIANCE = -30;
  private static final float LARGEST_LOG_VARIANCE = 20;

  private LatentSampling() {}

  /**
   * mean + exp(logVariance/2)·eps with eps ~ N(0, 1) and the log-variance clamped to [-30, 20].
   *
   * @param mean normalized latents of any shape
   * @param logVariance of the same shape; not rescaled, as in the released code
   * @param random gives as many normals as there are latents
   * @return latents of the same shape
   * @throws IllegalArgumentException if the shapes differ
   */
  public static HostTensor sample(HostTensor mean, HostTensor logVariance, TorchRandom random) {
    if (!mean.shape().equals(logVariance.shape())) {
      throw new IllegalArgumentException(
          "mean and log-variance need the same shape, got "
              + mean.shape()
              + " and "
              + logVariance.shape());
    }
    float[] means = mean.values();
    float[] latents = random.normals(means.length);
    for (int i = 0; i < latents.length; i++) {
      float clamped =
          Math.max(LEAST_LOG_VARIANCE, Math.min(LARGEST_LOG_VARIANCE, logVariance.values()[i]));
      latents[i] = means[i] + (float) StrictMath.exp(0.5f * clamped) * latents[i];
    }
    return new HostTensor(mean.shape(), latents);
  }
}
