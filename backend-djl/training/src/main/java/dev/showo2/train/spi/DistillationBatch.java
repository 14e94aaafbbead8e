package dev.showo2.train.spi;

import dev.showo2.tensor.HostTensor;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Latents and the features that a teacher has of their images.
 *
 * @param latents clean or noised, [N, C, h, w]
 * @param features one for each image token, [N, L, E]
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DistillationBatch(HostTensor latents, HostTensor features) implements MicroBatch {

  /**
   * Checks the ranks.
   *
   * @param latents [N, C, h, w]
   * @param features [N, L, E]
   * @throws IllegalArgumentException if the ranks are others, or the numbers of images differ
   */
  public DistillationBatch {
    Objects.requireNonNull(latents, "latents");
    Objects.requireNonNull(features, "features");
    if (latents.shape().rank() != 4
        || features.shape().rank() != 3
        || latents.shape().dimension(0) != features.shape().dimension(0)) {
      throw new IllegalArgumentException(
          "expected latents [N, C, h, w] and features [N, L, E], found "
              + latents.shape()
              + " and "
              + features.shape());
    }
  }
}
