package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;

/** What a backend says that it has, it has; what not, it refuses. */
final class AbsentStages {

  private AbsentStages() {}

  static List<Check> checks() {
    return List.of(
        Check.of(
            Rule.R02, "stages", (trial, checks) -> check(trial.backend(), trial.bundle(), checks)),
        Check.of(Rule.R02, "bundle without graphs", AbsentStages::withoutGraphs));
  }

  /** A backend that runs the graphs of a bundle has no stages then; others have theirs. */
  private static void withoutGraphs(CheckContext trial, Checks checks) throws IOException {
    try (BundleCopy copy = BundleCopy.of(trial.bundle())) {
      BundleManifest all = trial.bundle().manifest();
      BundleManifest none =
          new BundleManifest(
              all.name(),
              all.precision(),
              all.architecture(),
              all.specialTokens(),
              all.defaults(),
              all.files(),
              List.of());
      Files.writeString(copy.path().resolve(BundleManifest.FILE_NAME), none.toJson());
      Bundle bundle = Bundle.open(copy.path(), Integrity.SIZES);
      try (Backend backend = trial.provider().open(bundle, trial.config())) {
        check(backend, bundle, checks);
      }
    }
  }

  private static void check(Backend backend, Bundle bundle, Checks checks) {
    for (Accessor accessor : Accessor.ALL) {
      if (accessor.isPresent(backend)) {
        checks.holds(
            accessor.name(),
            accessor.call().apply(backend) != null,
            "is null, although the capabilities name " + accessor.subject());
      } else {
        absent(checks, accessor.name(), accessor.subject(), () -> accessor.call().apply(backend));
      }
    }
    forms(backend, bundle, checks);
  }

  /** Features of stages that are there. */
  private static void forms(Backend backend, Bundle bundle, Checks checks) {
    for (TensorCall call : ImageCalls.of(bundle.architecture())) {
      boolean offered =
          Accessor.ALL.stream()
              .anyMatch(each -> each.forms().contains(call.stage()) && each.isPresent(backend));
      if (offered && !backend.capabilities().supports(call.stage())) {
        absent(checks, call.name(), call.stage().id(), () -> call.withArgument().values(backend));
      }
    }
  }

  private static void absent(Checks checks, String name, String stage, Callable<?> call) {
    new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "the capabilities do not name " + stage + ", so say in the message that it is missing")
        .of(name, stage, call);
  }
}
