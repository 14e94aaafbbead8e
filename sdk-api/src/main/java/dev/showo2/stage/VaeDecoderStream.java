package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/** A video that the decoder processes latent frame by latent frame. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface VaeDecoderStream extends AutoCloseable {

  /**
   * Decodes the next latent frame.
   *
   * @param latents one normalized latent frame [B, 16, 1, h, w]
   * @return pixels [B, 3, F, 8h, 8w], not clamped; F is 1 for the first latent frame and 4 for
   *     every later one
   */
  Tensor decode(Tensor latents);

  /** Frees the state of the stream. A second call does nothing. */
  @Override
  void close();
}
