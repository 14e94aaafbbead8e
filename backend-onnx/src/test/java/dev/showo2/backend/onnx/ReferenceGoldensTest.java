package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.golden.CaseOutcome;
import dev.showo2.conformance.golden.CaseOutcome.Status;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.golden.Verification;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Backends;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything that the reference code computed, computed by this backend. */
@ExtendWith(ExportedModels.class)
class ReferenceGoldensTest {

  /** What the SDK does not do yet, by name: whatever else does not run is a failure. */
  private static final Set<String> NOT_YET = Set.of("train_step", "training_time_shift");

  @TestFactory
  Stream<DynamicTest> tinyA(ExportedModels.Models models) {
    return cases(models, "tiny-a", 42);
  }

  @TestFactory
  Stream<DynamicTest> tinyB(ExportedModels.Models models) {
    return cases(models, "tiny-b", 42);
  }

  @TestFactory
  Stream<DynamicTest> demo(ExportedModels.Models models) {
    return cases(models, "demo", 28);
  }

  private static Stream<DynamicTest> cases(
      ExportedModels.Models models, String checkpoint, int count) {
    Bundle bundle = models.bundle(checkpoint);
    GoldenSet goldens = GoldenSet.open(models.fixture(checkpoint));
    List<CaseOutcome> outcomes;
    try (Backend backend =
        Backends.find().select(Optional.of("onnx")).open(bundle, BackendConfig.defaults())) {
      AssertingBackend asserting = AssertingBackend.around(backend, bundle);
      outcomes = new Verification(bundle, asserting).run(goldens).outcomes();
      assertEquals(0, asserting.openHandles(), "handles left open");
      assertEquals(0, ((OnnxBackend) backend).openValues(), "native values left open");
    }
    assertEquals(count, outcomes.size(), "cases of " + checkpoint);
    return outcomes.stream()
        .map(
            outcome ->
                dynamicTest(
                    outcome.name(),
                    () -> {
                      Status expected =
                          NOT_YET.contains(outcome.name()) ? Status.NOT_RUN : Status.PASSED;
                      assertEquals(expected, outcome.status(), outcome::toString);
                    }));
  }
}
