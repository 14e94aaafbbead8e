package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Latents that are to become image tokens.
 *
 * @param latents normalized latents [B, C, T, h, w]; an image is T = 1
 * @param grid when present, the fused tokens of each frame are resized to this grid, bilinearly,
 *     without aligned corners (video understanding); needs {@link Stage#FUSION_RESIZE}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FusionRequest(Tensor latents, Optional<TokenGrid> grid) {

  /**
   * Validates the components.
   *
   * @param latents normalized latents [B, C, T, h, w]; an image is T = 1
   * @param grid when present, the fused tokens of each frame are resized to this grid, bilinearly,
   *     without aligned corners (video understanding); needs {@link Stage#FUSION_RESIZE}
   */
  public FusionRequest {
    Objects.requireNonNull(latents, "latents");
    Objects.requireNonNull(grid, "grid");
  }

  /**
   * {@return a request for tokens without resizing}
   *
   * @param latents [B, C, T, h, w]; stay open
   */
  public static FusionRequest of(Tensor latents) {
    return new FusionRequest(latents, Optional.empty());
  }
}
