package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * Latents to pixels with the causal 3-D VAE (SPEC 1). The stage is thread-safe; a stream by one at
 * a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface VaeDecoder {

  /**
   * Decodes single images.
   *
   * @param latents normalized latents [B, 16, 1, h, w]
   * @return pixels [B, 3, 1, 8h, 8w], not clamped: values a little outside -1 … 1 are usual, and
   *     whoever turns them into an image clamps
   */
  Tensor decodeImage(Tensor latents);

  /**
   * Starts a video; the stream keeps the frames that causal convolutions need.
   *
   * @param request hints on the video; {@link VaeStreamRequest#unspecified()} where nothing is
   *     known
   * @return a stream at its first chunk; the caller closes it
   */
  VaeDecoderStream openStream(VaeStreamRequest request);
}
