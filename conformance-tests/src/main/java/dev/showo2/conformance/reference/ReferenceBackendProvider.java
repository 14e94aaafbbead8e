package dev.showo2.conformance.reference;

import dev.showo2.conformance.internal.reference.ReferenceBackend;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.OptionReader;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Computes every stage of any bundle in plain Java: slow, and exact enough to judge others by. Runs
 * everywhere and has every stage. It is chosen only when it is named.
 *
 * <p>It computes on the device "cpu" and has no options. Results do not depend on the number of
 * threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReferenceBackendProvider implements BackendProvider {

  /** The id by which applications choose this backend. */
  public static final String ID = "reference";

  /** For {@link java.util.ServiceLoader}. */
  public ReferenceBackendProvider() {}

  @Override
  public String id() {
    return ID;
  }

  /** The version is Java's, which is all the engine there is. */
  @Override
  public BackendInfo info() {
    return BackendInfo.builder("pure Java, slow, for comparison; Java")
        .version(Runtime.version().toString())
        .priority(BackendInfo.NAMED_ONLY)
        .devices(Set.of(Device.CPU))
        .build();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  /** All: what a weight is in, its file says. */
  @Override
  public Set<Precision> precisions() {
    return EnumSet.allOf(Precision.class);
  }

  /**
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than its architecture calls for
   */
  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    OptionReader options = new OptionReader(ID, config);
    options.device(Device.CPU);
    options.refuseOthers();
    return ReferenceBackend.open(bundle, config.threads());
  }
}
