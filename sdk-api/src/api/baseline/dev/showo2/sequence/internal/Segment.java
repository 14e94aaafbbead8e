package dev.showo2.sequence.internal;

public record Segment(dev.showo2.stage.Attention attention, java.util.List<Part> parts) {
  public static Segment causal(Part... parts) { throw null; }
  public static Segment full(Part... parts) { throw null; }
  public int length() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
