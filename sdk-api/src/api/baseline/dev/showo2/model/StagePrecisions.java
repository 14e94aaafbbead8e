package dev.showo2.model;

public record StagePrecisions(java.util.Map<dev.showo2.stage.Stage, Precision> byStage) {
  public static final StagePrecisions FP32 = null;
  public Precision of(dev.showo2.stage.Stage stage) { throw null; }
  public Precision leastExact() { throw null; }
  public String outside(java.util.Set<Precision> precisions) { throw null; }
  public String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
