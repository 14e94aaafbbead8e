package dev.showo2.sequence.internal;

public sealed interface Part permits Part.Visual, Part.Text, Part.Time {
  public abstract int length();
  public static record Text(int[] ids) implements Part {
    public int length() { throw null; }
    public boolean equals(Object other) { throw null; }
    public int hashCode() { throw null; }
    public String toString() { throw null; }
  }
  public static record Time(float time) implements Part {
    public int length() { throw null; }
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record Visual(int index, int offset, int length) implements Part {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
