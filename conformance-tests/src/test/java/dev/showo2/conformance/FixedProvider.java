package dev.showo2.conformance;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.util.Optional;
import java.util.function.Function;

/** Opens what a test hands it. */
public record FixedProvider(String id, Function<Bundle, Backend> opening)
    implements BackendProvider {

  public static Target target(Function<Bundle, Backend> opening) {
    return new Target(
        new FixedProvider("under-test", opening), BackendConfig.defaults(), Optional.empty());
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("a backend under test").version("1").build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return opening.apply(bundle);
  }
}
