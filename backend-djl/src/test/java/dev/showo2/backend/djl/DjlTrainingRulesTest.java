package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.fault.TrainingFault;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.run.AllChecks;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.train.spi.TrainingProvider;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of the kit's catalog of training is noticed by the rule that is about it. That the
 * rules pass on a tied matrix is shown by {@link DjlConformanceTest}.
 */
@ExtendWith(ExportedFixtures.class)
class DjlTrainingRulesTest {

  private static final BackendConfig CONFIG = BackendConfig.defaults();

  private static Bundle tied;
  private static Backend tiedReference;
  private static Bundle untied;

  @BeforeAll
  static void open(FixtureModels models) {
    tied = models.bundle("tiny-a");
    untied = models.bundle("tiny-b");
    tiedReference = new ReferenceBackendProvider().open(tied, CONFIG);
  }

  @AfterAll
  static void close() {
    tiedReference.close();
  }

  static List<TrainingFault> faults() {
    return TrainingFault.all();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isCaught(TrainingFault fault) {
    List<Outcome> failures =
        run(
                tied,
                tiedReference,
                fault.around(new DjlTrainingProvider()),
                check -> check.rule().id().equals(fault.rule()))
            .filter(outcome -> outcome.status() == Status.FAILED)
            .limit(1)
            .toList();
    assertEquals(1, failures.size(), () -> "nothing notices that " + fault.whatHappens());
  }

  /** What a fault leaves alone is right: the kit makes no faults of its own. */
  @ParameterizedTest
  @CsvSource({"decay-coupled, T-08", "clipped-over-frozen, T-09", "empty-slot-ignored, T-05"})
  void isSeenByNoOtherRule(String id, String rule) {
    TrainingFault fault =
        TrainingFault.all().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    assertEquals(
        List.of(),
        run(
                tied,
                tiedReference,
                fault.around(new DjlTrainingProvider()),
                check -> check.rule().id().equals(rule))
            .filter(outcome -> outcome.status() != Status.PASSED)
            .map(Outcome::toString)
            .toList());
  }

  @Test
  void anUntiedModelKeepsTheRules() {
    try (Backend reference = new ReferenceBackendProvider().open(untied, CONFIG)) {
      assertEquals(
          List.of(),
          run(untied, reference, new DjlTrainingProvider(), check -> true)
              .filter(outcome -> outcome.status() != Status.PASSED)
              .map(Outcome::toString)
              .toList());
    }
  }

  private static Stream<Outcome> run(
      Bundle bundle, Backend reference, TrainingProvider training, Predicate<Check> chosen) {
    LoadedBackend loaded = new LoadedBackend(bundle, reference);
    CheckContext context =
        new CheckContext(new DjlBackendProvider(), CONFIG, loaded, () -> loaded).with(training);
    CheckRunner runner = new CheckRunner(Precision.FP32);
    return AllChecks.ofTraining().stream()
        .filter(chosen)
        .map(check -> runner.run(check, "tiny", context));
  }
}
