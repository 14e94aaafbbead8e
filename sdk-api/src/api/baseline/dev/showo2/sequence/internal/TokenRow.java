package dev.showo2.sequence.internal;

public record TokenRow(int[] ids, int spanOffset, int spanLength) {
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
}
