package dev.showo2.fake;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import java.util.function.BiFunction;

/** The backend 'fake' that ServiceLoader finds in tests; what it opens is up to the test. */
public final class RegisteredProvider extends FakeProvider {

  /** What {@link #open} does; whoever changes it sets it back to null. */
  public static volatile BiFunction<Bundle, BackendConfig, Backend> opening;

  /** For ServiceLoader. */
  public RegisteredProvider() {
    super(
        "fake",
        1,
        Availability.usable(),
        (bundle, config) -> opening == null ? new FakeBackend() : opening.apply(bundle, config));
  }
}
