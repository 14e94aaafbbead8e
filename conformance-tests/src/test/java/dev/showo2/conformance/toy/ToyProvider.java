package dev.showo2.conformance.toy;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import dev.showo2.spi.PrecisionSupport;
import dev.showo2.spi.support.OptionReader;
import java.util.Set;

/** The entry of the backend of {@code sdk-api/BACKENDS.md}. */
public final class ToyProvider implements BackendProvider {

  @Override
  public String id() {
    return "toy";
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Toy")
        .version("1.0")
        .priority(-1)
        .devices(Set.of(Device.CPU))
        .build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    OptionReader options = new OptionReader(id(), config);
    options.device(Device.CPU);
    options.refuseOthers();
    PrecisionSupport.check(this, bundle);
    return new ToyBackend(bundle.architecture(), ToyWeights.read(bundle));
  }
}
