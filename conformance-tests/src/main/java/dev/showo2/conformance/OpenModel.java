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
  private LoadedBackend reference;

  private OpenModel(
      String name, Target target, LoadedBackend subject, List<String> changedSettings) {
    this.name = name;
    this.subject = subject;
    this.trial =
        new CheckContext(
            target.provider(), target.config(), subject, this::reference, changedSettings);
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

  private LoadedBackend reference() {
    if (reference == null) {
      Bundle bundle = subject.bundle();
      reference =
          new LoadedBackend(
              bundle, new ReferenceBackendProvider().open(bundle, BackendConfig.defaults()));
    }
    return reference;
  }

  @Override
  public void close() {
    Backend tested = subject.backend();
    LoadedBackend openedReference = reference;
    Backend referenceBackend = openedReference == null ? null : openedReference.backend();
    try (tested;
        subject;
        referenceBackend;
        openedReference) {
      reference = null;
    }
  }
}
