package dev.showo2.spi;

public interface BackendProvider {
  public abstract String id();
  public abstract BackendInfo info();
  public abstract Availability probe();
  public default java.util.Set<dev.showo2.model.Precision> precisions() { throw null; }
  public abstract Backend open(dev.showo2.model.Bundle bundle, BackendConfig config);
}
