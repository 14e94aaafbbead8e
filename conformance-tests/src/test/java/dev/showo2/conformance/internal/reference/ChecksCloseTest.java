package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.run.AllChecks;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ExportedModels.class)
class ChecksCloseTest {

  @Test
  void everyExperimentOnStagesClosesWhatItOpens(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    List<Check> checks = AllChecks.ofStages();
    assertFalse(checks.isEmpty());
    try (OpenBackend tested = OpenBackend.open(bundle);
        OpenBackend reference = OpenBackend.open(bundle)) {
      CheckContext context =
          new CheckContext(
              new ReferenceBackendProvider(),
              BackendConfig.defaults(),
              new LoadedBackend(bundle, tested.backend()),
              () -> new LoadedBackend(bundle, reference.backend()));
      for (Check check : checks) {
        new CheckRunner(Precision.FP32).run(check, "tiny-a", context);
        assertEquals(0, tested.backend().lifetime().openResources(), () -> check.id("tiny-a"));
        assertEquals(0, reference.backend().lifetime().openResources(), () -> check.id("tiny-a"));
      }
    }
  }
}
