package dev.showo2.spi;

public final class PrecisionSupport {
  PrecisionSupport() { super(); throw null; }
  public static void check(BackendProvider provider, dev.showo2.model.Bundle bundle) { throw null; }
}
