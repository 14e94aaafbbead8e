package dev.showo2.backend.djl;

import ai.djl.pytorch.engine.PtEngineProvider;
import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Computes the stages of a bundle with DJL on PyTorch, from the weights alone: it reads no graphs.
 *
 * <p>All stages compute in 32-bit floats, whatever the precision of the bundle. Weights in 32-bit
 * floats stay in the page cache; others are decoded into memory when the bundle is opened.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DjlBackendProvider implements BackendProvider {

  /** The id by which applications choose this backend. */
  public static final String ID = "djl";

  private static final int PRIORITY = 50;

  /** For {@link java.util.ServiceLoader}. */
  public DjlBackendProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public BackendInfo info() {
    String version = PtEngineProvider.class.getPackage().getImplementationVersion();
    return BackendInfo.builder("PyTorch by DJL")
        .version(version == null ? "unknown" : version)
        .priority(PRIORITY)
        .devices(Set.of(Device.CPU, Device.parse("cuda")))
        .build();
  }

  @Override
  public Set<Precision> precisions() {
    return EnumSet.allOf(Precision.class);
  }

  @Override
  public Availability probe() {
    try {
      DjlEngine.get();
      return Availability.usable();
    } catch (BackendException e) {
      return Availability.unusable(e.getMessage());
    }
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return DjlBackend.open(bundle, DjlOptions.of(config));
  }
}
