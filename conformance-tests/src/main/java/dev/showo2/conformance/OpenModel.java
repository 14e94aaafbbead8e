package dev.showo2.conformance;

import dev.showo2.conformance.check.Check;
import dev.showo2.conformance.check.CheckRunner;
import dev.showo2.conformance.check.Trial;
import dev.showo2.conformance.golden.pass.Subject;
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
  private final Subject subject;
  private final Trial trial;
  private Subject oracle;

  private OpenModel(String name, Target target, Subject subject, List<String> changedSettings) {
    this.name = name;
    this.subject = subject;
    this.trial =
        new Trial(target.provider(), target.config(), subject, this::oracle, changedSettings);
  }

  static OpenModel open(String name, Target target, Bundle bundle, StageClock clock) {
    Map<Object, Object> before = new HashMap<>(System.getProperties());
    Backend backend = clock.around(target.provider().open(bundle, target.config()));
    Map<Object, Object> after = new HashMap<>(System.getProperties());
    after.entrySet().removeAll(before.entrySet());
    List<String> changed = after.entrySet().stream().map(Object::toString).sorted().toList();
    return new OpenModel(name, target, new Subject(bundle, backend), changed);
  }

  Outcome run(Check check, CheckRunner runner) {
    return runner.run(check, name, trial);
  }

  Trial trial() {
    return trial;
  }

  private Subject oracle() {
    if (oracle == null) {
      Bundle bundle = subject.bundle();
      oracle =
          new Subject(
              bundle, new ReferenceBackendProvider().open(bundle, BackendConfig.defaults()));
    }
    return oracle;
  }

  @Override
  public void close() {
    Backend tested = subject.backend();
    Subject reference = oracle;
    Backend referenceBackend = reference == null ? null : reference.backend();
    try (tested;
        subject;
        referenceBackend;
        reference) {
      oracle = null;
    }
  }
}
