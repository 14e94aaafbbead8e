package dev.showo2.stage;

public interface Fusion {
  public abstract dev.showo2.tensor.Tensor fuse(FusionRequest request);
}
