package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.emulation.EmulatedPlatform;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.util.Set;

/** The TensorRT backend on an emulated GPU. */
public final class EmulatedProvider implements BackendProvider {

  static final String ID = "tensorrt-emulated";

  private final TensorRtBackendProvider provider =
      new TensorRtBackendProvider(new EmulatedPlatform(), ID);

  /** For {@link java.util.ServiceLoader}. */
  public EmulatedProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public BackendInfo info() {
    return provider.info();
  }

  @Override
  public Set<Precision> precisions() {
    return provider.precisions();
  }

  @Override
  public Availability probe() {
    return provider.probe();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return provider.open(bundle, config);
  }
}
