package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * Pixels to latents with the causal 3-D VAE (SPEC 1). The stage is thread-safe; a stream by one at
 * a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface VaeEncoder {

  /**
   * Encodes single images.
   *
   * @param pixels [B, 3, 1, H, W] in -1 … 1; H and W multiples of 8
   * @return distribution of the latents [B, 16, 1, H/8, W/8]
   */
  LatentDistribution encodeImage(Tensor pixels);

  /**
   * Starts a video; the stream keeps the frames that causal convolutions need.
   *
   * @param request hints on the video; {@link VaeStreamRequest#unspecified()} where nothing is
   *     known
   * @return a stream at its first chunk; the caller closes it
   */
  VaeEncoderStream openStream(VaeStreamRequest request);
}
