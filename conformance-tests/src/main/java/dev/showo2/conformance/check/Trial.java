package dev.showo2.conformance.check;

import dev.showo2.conformance.golden.pass.Subject;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * What an experiment may use.
 *
 * @param provider of the backend under test, for experiments that open it themselves
 * @param config with which to open it
 * @param subject the backend under test on a bundle; shared by all experiments on that bundle
 * @param oracle the plain Java reference on the same bundle, opened when it is first asked for
 */
@API(status = API.Status.INTERNAL)
public record Trial(
    BackendProvider provider, BackendConfig config, Subject subject, Supplier<Subject> oracle) {

  public Bundle bundle() {
    return subject.bundle();
  }

  public Backend backend() {
    return subject.backend();
  }

  /** The same with another backend in place of the one under test. */
  public Trial with(Backend other) {
    return new Trial(provider, config, new Subject(bundle(), other), oracle);
  }
}
