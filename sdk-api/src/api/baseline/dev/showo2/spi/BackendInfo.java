package dev.showo2.spi;

public final class BackendInfo {
  public static final int NAMED_ONLY = -2147483648;
  BackendInfo() { super(); throw null; }
  public static BackendInfo.Builder builder(String name) { throw null; }
  public String name() { throw null; }
  public String version() { throw null; }
  public int priority() { throw null; }
  public java.util.Set<Device> devices() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public BackendInfo.Builder version(String version) { throw null; }
    public BackendInfo.Builder priority(int priority) { throw null; }
    public BackendInfo.Builder devices(java.util.Collection<Device> devices) { throw null; }
    public BackendInfo build() { throw null; }
  }
}
