package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.util.List;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * What an experiment may use.
 *
 * @param provider of the backend under test, for experiments that open it themselves
 * @param config with which to open it
 * @param subject the backend under test on a bundle; shared by all experiments on that bundle
 * @param oracle the plain Java reference on the same bundle, opened when it is first asked for
 * @param changedSettings system properties that changed while the backend was opened on the bundle
 */
@API(status = API.Status.INTERNAL)
public record CheckContext(
    BackendProvider provider,
    BackendConfig config,
    LoadedBackend subject,
    Supplier<LoadedBackend> oracle,
    List<String> changedSettings) {

  public CheckContext {
    changedSettings = List.copyOf(changedSettings);
  }

  /** Of a backend that changed no system property. */
  public CheckContext(
      BackendProvider provider,
      BackendConfig config,
      LoadedBackend subject,
      Supplier<LoadedBackend> oracle) {
    this(provider, config, subject, oracle, List.of());
  }

  public Bundle bundle() {
    return subject.bundle();
  }

  public Backend backend() {
    return subject.backend();
  }

  /** The backend of the oracle. */
  Backend reference() {
    return oracle.get().backend();
  }

  /** The same with another backend in place of the one under test. */
  public CheckContext with(Backend other) {
    return new CheckContext(
        provider, config, new LoadedBackend(bundle(), other), oracle, changedSettings);
  }
}
