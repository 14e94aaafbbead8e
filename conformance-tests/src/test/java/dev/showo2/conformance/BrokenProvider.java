package dev.showo2.conformance;

import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/** Never opens. Found by tests alone that look through its class loader. */
public final class BrokenProvider implements BackendProvider {

  /** For {@link java.util.ServiceLoader}. */
  public BrokenProvider() {}

  /** Sees what the tests see, and this backend. */
  static URLClassLoader visible(Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(BackendProvider.class.getName()), BrokenProvider.class.getName());
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, BrokenProvider.class.getClassLoader());
  }

  @Override
  public String id() {
    return "broken";
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Broken").version("1").build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    throw new BackendException("the engine is out of order");
  }
}
