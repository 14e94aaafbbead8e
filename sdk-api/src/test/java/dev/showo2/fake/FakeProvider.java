package dev.showo2.fake;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.util.function.BiFunction;

/** A provider that says what it was told to say. */
public class FakeProvider implements BackendProvider {

  private final String id;
  private final int priority;
  private final Availability availability;
  private final BiFunction<Bundle, BackendConfig, Backend> open;

  public FakeProvider(String id, int priority, Availability availability) {
    this(id, priority, availability, (bundle, config) -> new FakeBackend());
  }

  protected FakeProvider(
      String id,
      int priority,
      Availability availability,
      BiFunction<Bundle, BackendConfig, Backend> open) {
    this.id = id;
    this.priority = priority;
    this.availability = availability;
    this.open = open;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("Fake " + id).version("1").priority(priority).build();
  }

  @Override
  public Availability probe() {
    return availability;
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return open.apply(bundle, config);
  }
}
