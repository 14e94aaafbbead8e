package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Records and verifies with the reference backend. */
final class Recordings {

  static final ReferenceBackendProvider REFERENCE = new ReferenceBackendProvider();

  private Recordings() {}

  static Backend open(Bundle bundle) {
    return REFERENCE.open(bundle, BackendConfig.defaults());
  }

  static RecordSummary record(Bundle bundle, Path folder, long seed) throws IOException {
    return record(bundle, folder, seed, Set.copyOf(GoldenRecorder.caseNames()));
  }

  static RecordSummary record(Bundle bundle, Path folder, long seed, Set<String> cases)
      throws IOException {
    try (Backend backend = open(bundle)) {
      return GoldenRecorder.record(
          new RecordRequest(bundle, REFERENCE, backend, folder, seed, cases), RecordListener.NONE);
    }
  }

  static List<Outcome> verify(Bundle bundle, Path folder) {
    return verify(bundle, folder, name -> true).outcomes();
  }

  static Report verify(Bundle bundle, Path folder, Predicate<String> names) {
    return new Verification(Target.of(ReferenceBackendProvider.ID), bundle)
        .run(GoldenSet.open(folder), golden -> names.test(golden.name()), outcome -> {});
  }
}
