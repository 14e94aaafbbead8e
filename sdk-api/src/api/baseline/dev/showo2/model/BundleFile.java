package dev.showo2.model;

public record BundleFile(String name, long size, String sha256) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
