package dev.showo2.testing;

import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A provider that says and opens what a test has set; by default a {@link FakeBackend}. */
public class FakeProvider implements BackendProvider {

  private final String id;
  private final int priority;
  private final Availability availability;
  private Set<Precision> precisions = Set.of(Precision.FP32);
  private Set<Device> devices = Set.of();
  private BiFunction<Bundle, BackendConfig, Backend> open =
      (bundle, config) -> FakeBackend.of(bundle.architecture());

  /** A usable provider of priority 1. */
  public FakeProvider(String id) {
    this(id, 1, Availability.usable());
  }

  public FakeProvider(String id, int priority, Availability availability) {
    this.id = id;
    this.priority = priority;
    this.availability = availability;
  }

  public FakeProvider opening(BiFunction<Bundle, BackendConfig, Backend> opening) {
    open = opening;
    return this;
  }

  public FakeProvider opening(Function<Bundle, Backend> opening) {
    return opening((bundle, config) -> opening.apply(bundle));
  }

  /** Instead of fp32 alone. */
  public FakeProvider running(Set<Precision> offered) {
    precisions = offered;
    return this;
  }

  /** Instead of telling no devices. */
  public FakeProvider on(Device... offered) {
    devices = Set.of(offered);
    return this;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Fake " + id)
        .version("1")
        .priority(priority)
        .devices(devices)
        .build();
  }

  @Override
  public Availability probe() {
    return availability;
  }

  @Override
  public Set<Precision> precisions() {
    return precisions;
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return open.apply(bundle, config);
  }
}
