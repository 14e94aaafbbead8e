package dev.showo2.model;

public record BundleManifest(String name, StagePrecisions precision, Architecture architecture, SpecialTokens specialTokens, GenerationDefaults defaults, java.util.List<BundleFile> files, java.util.List<GraphFile> graphs) {
  public static final int FORMAT_VERSION = 2;
  public static final String FILE_NAME = "showo2.json";
  public static BundleManifest parse(String json, String origin) { throw null; }
  public String toJson() { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
