package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/** A video that the encoder processes chunk by chunk, in memory that does not grow. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface VaeEncoderStream extends AutoCloseable {

  /**
   * Encodes the next chunk.
   *
   * @param pixels [B, 3, F, H, W] in -1 … 1; F is 1 for the first chunk and 4 for every later one
   * @return distribution of one latent frame [B, 16, 1, H/8, W/8]
   */
  LatentDistribution encode(Tensor pixels);

  /** Frees the state of the stream. A second call does nothing. */
  @Override
  void close();
}
