package dev.showo2.spi;

public final class BackendConfig {
  BackendConfig() { super(); throw null; }
  public static BackendConfig defaults() { throw null; }
  public static BackendConfig.Builder builder() { throw null; }
  public BackendConfig.Builder toBuilder() { throw null; }
  public Device device() { throw null; }
  public java.util.OptionalInt threads() { throw null; }
  public java.util.Optional<java.nio.file.Path> cacheDirectory() { throw null; }
  public java.time.Duration shutdownGrace() { throw null; }
  public java.util.Map<String, String> options() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public BackendConfig.Builder device(Device device) { throw null; }
    public BackendConfig.Builder device(String device) { throw null; }
    public BackendConfig.Builder threads(int threads) { throw null; }
    public BackendConfig.Builder cacheDirectory(java.nio.file.Path directory) { throw null; }
    public BackendConfig.Builder shutdownGrace(java.time.Duration grace) { throw null; }
    public BackendConfig.Builder option(String name, String value) { throw null; }
    public BackendConfig build() { throw null; }
  }
}
