package dev.showo2.spi;

public final class Backends {
  public static final String PROPERTY = "showo2.backend";
  Backends() { super(); throw null; }
  public static Backends find() { throw null; }
  public static Backends find(ClassLoader loader) { throw null; }
  public static Backends of(BackendProvider... providers) { throw null; }
  public java.util.List<Backends.Candidate> candidates() { throw null; }
  public java.util.List<String> broken() { throw null; }
  public boolean anyUsable() { throw null; }
  public BackendProvider select(java.util.Optional<String> id) { throw null; }
  public BackendProvider select(java.util.Optional<String> id, dev.showo2.model.Bundle bundle) { throw null; }
  public static record Candidate(String id, BackendInfo info, BackendProvider provider, java.util.Set<dev.showo2.model.Precision> precisions, Availability availability) {
    public boolean usable() { throw null; }
    public final String toString() { throw null; }
    public final int hashCode() { throw null; }
    public final boolean equals(Object o) { throw null; }
  }
}
