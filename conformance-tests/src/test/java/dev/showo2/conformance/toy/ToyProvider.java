package dev.showo2.conformance.toy;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import dev.showo2.spi.PrecisionSupport;

/** The way in to the backend of {@code sdk-api/BACKENDS.md}. */
public final class ToyProvider implements BackendProvider {

  @Override
  public String id() {
    return "toy";
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Toy").version("1.0").priority(-1).build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    if (!config.device().equals(Device.CPU)) {
      throw new UnsupportedFeatureException(
          "the backend 'toy' computes on \"cpu\", asked for \"" + config.device() + "\"");
    }
    if (!config.options().isEmpty()) {
      throw new UnsupportedFeatureException(
          "the backend 'toy' has no options, asked for " + config.options().keySet());
    }
    PrecisionSupport.check(this, bundle);
    return new ToyBackend(bundle);
  }
}
