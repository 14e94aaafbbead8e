package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A diagonal normal distribution over latents.
 *
 * @param mean [B, 16, T, h, w], normalized per channel
 * @param logVariance [B, 16, T, h, w], neither normalized nor clamped
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LatentDistribution(Tensor mean, Tensor logVariance) implements AutoCloseable {

  /**
   * Refuses null.
   *
   * @param mean [B, 16, T, h, w], normalized per channel
   * @param logVariance [B, 16, T, h, w], neither normalized nor clamped
   */
  public LatentDistribution {
    Objects.requireNonNull(mean, "mean");
    Objects.requireNonNull(logVariance, "logVariance");
  }

  /** Frees both tensors. */
  @Override
  public void close() {
    try (mean) {
      logVariance.close();
    }
  }
}
