package dev.showo2.model;

public final class Bundle {
  public static final String TOKENIZER_FILE = "tokenizer.json";
  Bundle() { super(); throw null; }
  public static Bundle open(java.nio.file.Path directory) { throw null; }
  public static Bundle open(java.nio.file.Path directory, Integrity integrity) { throw null; }
  public java.nio.file.Path directory() { throw null; }
  public BundleManifest manifest() { throw null; }
  public Architecture architecture() { throw null; }
  public String hash() { throw null; }
  public java.util.Optional<java.nio.file.Path> graph(dev.showo2.stage.Stage stage, String dialect) { throw null; }
  public java.util.Optional<java.nio.file.Path> graph(dev.showo2.stage.Stage stage, String part, String dialect) { throw null; }
  public java.nio.file.Path tokenizer() { throw null; }
  public String toString() { throw null; }
}
