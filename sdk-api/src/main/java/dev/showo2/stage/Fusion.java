package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import org.apiguardian.api.API;

/**
 * Dual-path fusion: latents to image tokens, through the semantic layers and the projector (SPEC
 * 2). Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Fusion {

  /**
   * Fuses latents into image tokens.
   *
   * @param request latents, and the grid that tokens are resized to; stay open
   * @return image tokens [B, T·(h/p)·(w/p), D], frame by frame in row-major order; with {@link
   *     FusionRequest#grid()} [B, T·rows·columns, D]
   * @throws IllegalArgumentException if the checkpoint's positions are not interpolated, and there
   *     are more or fewer tokens in a frame than it has positions
   */
  Tensor fuse(FusionRequest request);
}
