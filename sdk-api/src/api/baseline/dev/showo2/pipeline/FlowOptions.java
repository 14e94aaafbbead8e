package dev.showo2.pipeline;

public final class FlowOptions {
  public static final FlowOptions DEFAULTS = null;
  FlowOptions() { super(); throw null; }
  public static FlowOptions.Builder builder() { throw null; }
  public FlowOptions.Builder toBuilder() { throw null; }
  public java.util.OptionalLong seed() { throw null; }
  public java.util.OptionalInt steps() { throw null; }
  public java.util.Optional<Float> guidanceScale() { throw null; }
  public java.util.Optional<Float> guidanceEnd() { throw null; }
  public java.util.Optional<String> negativePrompt() { throw null; }
  public java.util.Optional<dev.showo2.sampler.Solver> solver() { throw null; }
  public java.util.Optional<Float> timeShift() { throw null; }
  public java.util.Optional<dev.showo2.tensor.HostTensor> initialLatents() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends FlowRequestBuilder<FlowOptions.Builder> {
    Builder() { throw null; }
    public FlowOptions build() { throw null; }
  }
}
