package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.LoweredBundle;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Bundles below fp32, compared with what the official code computed with the fp32 checkpoint. */
@ExtendWith(ExportedModels.class)
class LowPrecisionBundleTest {

  private static final Set<String> CASES =
      Set.of(
          "time_embedding",
          "fusion_image",
          "backbone_one_span",
          "text_embedding_and_logits",
          "flow_head_one_span");

  private static final Target UNNAMED =
      new Target(new ReferenceBackendProvider(), BackendConfig.defaults(), Optional.empty());

  @ParameterizedTest
  @EnumSource(value = Precision.class, mode = Mode.EXCLUDE, names = "FP32")
  void theToleranceIsThatOfTheBundle(Precision precision, Models models, @TempDir Path folder)
      throws IOException {
    for (String model : Set.of("tiny-a", "tiny-b")) {
      Path copy = folder.resolve(model);
      Bundle bundle = LoweredBundle.write(models.bundle(model), precision, copy);
      Report report = verify(models, model, bundle, UNNAMED);
      assertTrue(report.successful(), report::toString);
      assertEquals(CASES.size(), report.count(Status.PASSED));
      assertEquals(precision, report.environment().precision());
      assertEquals(bundle.manifest().precision(), report.environment().bundle());
      Report strict = verify(models, model, bundle, UNNAMED.with(Precision.FP32));
      assertFalse(strict.successful(), "what is named counts");
    }
  }

  private static Report verify(Models models, String model, Bundle bundle, Target target) {
    return new Verification(target, bundle)
        .run(
            GoldenSet.open(models.fixture(model)),
            golden -> CASES.contains(golden.name()),
            outcome -> {});
  }
}
