package dev.showo2.conformance.internal.check.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import dev.showo2.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class TrackedRequestTest {

  @Test
  void whatIsLeftOpenIsNamedWithTheStackThatOpenedIt(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    try (AssertingBackend backend =
        AssertingBackend.around(
            new ReferenceBackendProvider().open(bundle, BackendConfig.defaults()), bundle)) {
      TrackedRequest watched = new TrackedRequest(null, null, backend);
      Comparison leak;
      try (Tensor forgotten = backend.upload(Inputs.normal(1, 1, 3))) {
        assertTrue(forgotten.shape().elementCount() == 3);
        leak = nothingOpen(watched);
      }
      assertFalse(leak.passed());
      assertTrue(leak.toString().contains("[1, 3]; the first was opened at "), leak::toString);
      assertTrue(leak.toString().contains("TrackedRequestTest.whatIsLeftOpen"), leak::toString);
      assertTrue(nothingOpen(watched).passed());
    }
  }

  private static Comparison nothingOpen(TrackedRequest watched) {
    Checks checks = new Checks(Precision.FP32);
    watched.requireNothingOpen(checks, "afterwards");
    return checks.comparisons().get(0);
  }
}
