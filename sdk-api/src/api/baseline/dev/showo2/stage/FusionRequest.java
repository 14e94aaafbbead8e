package dev.showo2.stage;

public record FusionRequest(dev.showo2.tensor.Tensor latents, java.util.Optional<TokenGrid> grid) {
  public static FusionRequest of(dev.showo2.tensor.Tensor latents) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
