package dev.showo2.spi.support;

public final class ComposedDenoiseStep implements dev.showo2.stage.DenoiseStep {
  public ComposedDenoiseStep(dev.showo2.spi.Backend backend) { super(); throw null; }
  public dev.showo2.tensor.Tensor velocity(dev.showo2.stage.DenoiseStepRequest request) { throw null; }
}
