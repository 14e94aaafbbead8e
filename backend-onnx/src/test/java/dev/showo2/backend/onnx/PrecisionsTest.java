package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Chapter;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares each precision with the official code, within the tolerance that it declares. */
@ExtendWith(ExportedModels.class)
class PrecisionsTest {

  private static final Set<Chapter> STAGES =
      EnumSet.of(Chapter.V, Chapter.F, Chapter.B, Chapter.L, Chapter.H);

  @ParameterizedTest
  @CsvSource({
    "tiny-a, 'fp16,vae=fp16'",
    "tiny-a, 'bf16,vae=bf16'",
    "tiny-a, int8",
    "tiny-a, int4",
    "tiny-a, 'backbone=int8,flow-head=int4,vae=fp16'",
    "tiny-b, int8",
    "tiny-b, int4"
  })
  void everyStageKeepsItsGoldens(String checkpoint, String precision, Models models) {
    Report report = verify(checkpoint, precision, models, STAGES);
    Set<Chapter> tested = EnumSet.noneOf(Chapter.class);
    report.outcomes(Status.PASSED).forEach(outcome -> tested.add(outcome.rule().chapter()));
    assertEquals(STAGES, tested);
  }

  @Test
  void wholeTasksKeepTheirGoldens(Models models) {
    verify("tiny-a", "int8", models, EnumSet.complementOf(EnumSet.copyOf(STAGES)));
  }

  private static Report verify(
      String checkpoint, String precision, Models models, Set<Chapter> chapters) {
    Bundle bundle = models.bundle(checkpoint, precision);
    Precision leastExact = bundle.manifest().precision().leastExact();
    List<PlannedCheck> checks =
        Verification.plan(GoldenSet.open(models.fixture(checkpoint)), golden -> true).stream()
            .filter(check -> chapters.contains(check.rule().chapter()))
            .toList();
    Report report =
        new Verification(Target.of(OnnxBackendProvider.ID).with(leastExact), bundle)
            .run(checks, outcome -> {});
    assertEquals(
        List.of(), report.outcomes(Status.FAILED).stream().map(Outcome::toString).toList());
    assertTrue(report.successful(), report::summary);
    return report;
  }
}
