package dev.showo2.stage;

public final class FusionRequest {
  FusionRequest() { super(); throw null; }
  public static FusionRequest of(dev.showo2.tensor.Tensor latents, java.util.Optional<TokenGrid> grid) { throw null; }
  public static FusionRequest of(dev.showo2.tensor.Tensor latents) { throw null; }
  public dev.showo2.tensor.Tensor latents() { throw null; }
  public java.util.Optional<TokenGrid> grid() { throw null; }
}
