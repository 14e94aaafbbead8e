package dev.showo2.stage;

public interface DenoiseStep {
  public abstract dev.showo2.tensor.Tensor velocity(DenoiseStepRequest request);
}
