package dev.showo2.spi.support;

public final class OptionReader {
  public OptionReader(String backend, dev.showo2.spi.BackendConfig config) { super(); throw null; }
  public dev.showo2.spi.Device device(dev.showo2.spi.Device... devices) { throw null; }
  public java.util.Optional<String> text(String name) { throw null; }
  public java.util.Optional<java.nio.file.Path> path(String name) { throw null; }
  public int integer(String name, int standard, int least, int most) { throw null; }
  public long number(String name, long standard, long least, long most) { throw null; }
  public boolean flag(String name, boolean standard) { throw null; }
  public <V> V choice(String name, String standard, java.util.Map<String, V> choices) { throw null; }
  public <E extends Enum<E>> E constant(String name, E standard) { throw null; }
  public void refuseOthers() { throw null; }
}
