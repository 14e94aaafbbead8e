package dev.showo2.conformance;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.FakeProvider;
import java.util.Optional;
import java.util.function.Function;

/** A provider for what a test opens, and the target that the kit makes of it. */
public final class UnderTest {

  private UnderTest() {}

  public static FakeProvider provider(Function<Bundle, Backend> opening) {
    return new FakeProvider("under-test").opening(opening);
  }

  public static Target target(Function<Bundle, Backend> opening) {
    return new Target(provider(opening), BackendConfig.defaults(), Optional.empty());
  }
}
