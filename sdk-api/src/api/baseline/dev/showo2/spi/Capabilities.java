package dev.showo2.spi;

public final class Capabilities {
  Capabilities() { super(); throw null; }
  public static Capabilities of(java.util.Collection<dev.showo2.stage.Stage> stages) { throw null; }
  public static Capabilities.Builder builder() { throw null; }
  public Capabilities.Builder toBuilder() { throw null; }
  public java.util.Set<dev.showo2.stage.Stage> stages() { throw null; }
  public boolean supports(dev.showo2.stage.Stage stage) { throw null; }
  public java.util.Set<Device> devices() { throw null; }
  public java.util.Set<dev.showo2.model.Precision> precisions() { throw null; }
  public java.util.OptionalInt longestSequence() { throw null; }
  public java.util.OptionalInt largestBatch() { throw null; }
  public boolean fusedDenoiseStep() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public Capabilities.Builder stages(java.util.Collection<dev.showo2.stage.Stage> stages) { throw null; }
    public Capabilities.Builder devices(java.util.Collection<Device> devices) { throw null; }
    public Capabilities.Builder precisions(java.util.Collection<dev.showo2.model.Precision> precisions) { throw null; }
    public Capabilities.Builder longestSequence(int positions) { throw null; }
    public Capabilities.Builder largestBatch(int batch) { throw null; }
    public Capabilities.Builder fusedDenoiseStep(boolean fused) { throw null; }
    public Capabilities build() { throw null; }
  }
}
