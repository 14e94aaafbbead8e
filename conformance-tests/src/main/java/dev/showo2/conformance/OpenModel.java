package dev.showo2.conformance;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The backend under test on one bundle, with the reference beside it once that is asked for. */
final class OpenModel implements AutoCloseable {

  private final String name;
  private final LoadedBackend subject;
  private final CheckContext trial;
  private LoadedBackend oracle;

  private OpenModel(
      String name, Target target, LoadedBackend subject, List<String> changedSettings) {
    this.name = name;
    this.subject = subject;
    this.trial =
        new CheckContext(
            target.provider(), target.config(), subject, this::oracle, changedSettings);
  }

  static OpenModel open(String name, Target target, Bundle bundle, StageClock clock) {
    Map<Object, Object> before = new HashMap<>(System.getProperties());
    Backend backend = clock.around(target.provider().open(bundle, target.config()));
    Map<Object, Object> after = new HashMap<>(System.getProperties());
    after.entrySet().removeAll(before.entrySet());
    List<String> changed = after.entrySet().stream().map(Object::toString).sorted().toList();
    return new OpenModel(name, target, new LoadedBackend(bundle, backend), changed);
  }

  Outcome run(Check check, CheckRunner runner) {
    return runner.run(check, name, trial);
  }

  CheckContext trial() {
    return trial;
  }

  private LoadedBackend oracle() {
    if (oracle == null) {
      Bundle bundle = subject.bundle();
      oracle =
          new LoadedBackend(
              bundle, new ReferenceBackendProvider().open(bundle, BackendConfig.defaults()));
    }
    return oracle;
  }

  @Override
  public void close() {
    Backend tested = subject.backend();
    LoadedBackend reference = oracle;
    Backend referenceBackend = reference == null ? null : reference.backend();
    try (tested;
        subject;
        referenceBackend;
        reference) {
      oracle = null;
    }
  }
}
