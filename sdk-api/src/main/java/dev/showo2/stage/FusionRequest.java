package dev.showo2.stage;

import dev.showo2.tensor.Tensor;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Latents that are to become image tokens. Immutable; further fields can be added without breaking
 * those who make or read it.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FusionRequest {

  private final Tensor latents;
  private final Optional<TokenGrid> grid;

  private FusionRequest(Tensor latents, Optional<TokenGrid> grid) {
    this.latents = latents;
    this.grid = grid;
  }

  /**
   * Makes a request.
   *
   * @param latents normalized latents [B, C, T, h, w]; an image is T = 1; stay open
   * @param grid where present, the fused tokens of each frame are resized to this grid, bilinearly,
   *     without aligned corners (video understanding); needs {@link Stage#FUSION_RESIZE}
   * @return the request
   */
  public static FusionRequest of(Tensor latents, Optional<TokenGrid> grid) {
    Objects.requireNonNull(latents, "latents");
    Objects.requireNonNull(grid, "grid");
    return new FusionRequest(latents, grid);
  }

  /**
   * {@return a request for tokens without resizing}
   *
   * @param latents [B, C, T, h, w]; stay open
   */
  public static FusionRequest of(Tensor latents) {
    return of(latents, Optional.empty());
  }

  /** {@return normalized latents [B, C, T, h, w]} */
  public Tensor latents() {
    return latents;
  }

  /**
   * {@return where present, the fused tokens of each frame are resized to this grid, bilinearly,
   * without aligned corners (video understanding)}
   */
  public Optional<TokenGrid> grid() {
    return grid;
  }
}
