package dev.showo2.conformance.skeleton;

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

/** The entry of the skeleton. */
record SkeletonProvider() implements BackendProvider {

  static final String ID = "skeleton";

  @Override
  public String id() {
    return ID;
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Skeleton").version("1").devices(Set.of(Device.CPU)).build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    PrecisionSupport.check(this, bundle);
    OptionReader options = new OptionReader(ID, config);
    options.device(Device.CPU);
    options.refuseOthers();
    return new SkeletonBackend(bundle.architecture(), new HostEngine());
  }
}
