package dev.showo2.spi;

public sealed interface Availability permits Availability.Usable, Availability.Unusable {
  public static Availability usable() { throw null; }
  public static Availability unusable(String reason) { throw null; }
  public static record Usable() implements Availability {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
  public static record Unusable(String reason) implements Availability {
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
