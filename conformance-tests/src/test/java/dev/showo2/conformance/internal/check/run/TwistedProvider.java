package dev.showo2.conformance.internal.check.run;

import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import java.util.Set;

/** Opens another backend with a twist; the provider's own methods may be twisted too. */
record TwistedProvider(BackendProvider right, Twist twist) implements BackendProvider {

  private BackendProvider asked() {
    return Twisted.around(BackendProvider.class, right, twist);
  }

  @Override
  public String id() {
    return "twisted";
  }

  @Override
  public BackendInfo info() {
    return asked().info();
  }

  @Override
  public Availability probe() {
    return asked().probe();
  }

  @Override
  public Set<Precision> precisions() {
    return asked().precisions();
  }

  /** What {@code open} gives is twisted as well. */
  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return asked().open(bundle, config);
  }
}
