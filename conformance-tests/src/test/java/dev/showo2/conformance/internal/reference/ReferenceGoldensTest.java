package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.Target;
import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything that the reference code computed, computed by this backend. */
@ExtendWith(ExportedModels.class)
class ReferenceGoldensTest {

  /** What this backend does not do, by name: whatever else does not run is a failure. */
  private static final Set<String> NOT_OFFERED = Set.of("train_step");

  private static final Set<String> DEMO = Set.of("t2i_4", "understand_0", "understand_5");

  @TestFactory
  Stream<DynamicTest> tinyA(Models models) {
    return cases(models, "tiny-a", golden -> true, 42);
  }

  @TestFactory
  Stream<DynamicTest> tinyB(Models models) {
    return cases(models, "tiny-b", golden -> true, 42);
  }

  /** An image and two answers; all 28 pass too, in about two minutes. */
  @TestFactory
  Stream<DynamicTest> demo(Models models) {
    return cases(models, "demo", golden -> DEMO.contains(golden.name()), DEMO.size());
  }

  private static Stream<DynamicTest> cases(
      Models models, String checkpoint, Predicate<GoldenCase> selection, int count) {
    Bundle bundle = models.bundle(checkpoint);
    GoldenSet goldens = GoldenSet.open(models.fixture(checkpoint));
    Target target =
        UnderTest.target(
            own ->
                AssertingBackend.around(
                    new ReferenceBackendProvider().open(own, BackendConfig.defaults()), own));
    List<Outcome> outcomes =
        new Verification(target, bundle).run(goldens, selection, outcome -> {}).outcomes();
    assertEquals(count, outcomes.size(), "cases of " + checkpoint);
    return outcomes.stream()
        .map(
            outcome ->
                dynamicTest(
                    outcome.check(),
                    () -> {
                      Status expected =
                          NOT_OFFERED.contains(outcome.check()) ? Status.NOT_RUN : Status.PASSED;
                      assertEquals(expected, outcome.status(), outcome::toString);
                    }));
  }
}
