package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.OutlierCheckpoint;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.MitigatedLayer;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bundles in all precisions are decoded, and keep the goldens as far as their precision allows. */
@ExtendWith(ExportedFixtures.class)
class DjlPrecisionsTest {

  /** Products in bfloat16, of weights in 32-bit floats. */
  @Test
  void computingInBfloat16KeepsTheGoldensOfBfloat16(FixtureModels models) {
    verify(
        models,
        "tiny-a",
        models.bundle("tiny-a"),
        Target.of(DjlBackendProvider.ID)
            .with(Precision.BF16)
            .with(BackendConfig.builder().option("compute", "bf16").build()));
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-a, 'fp16,vae=fp16'",
    "tiny-a, 'bf16,vae=bf16'",
    "tiny-a, int8",
    "tiny-b, int4",
    "tiny-a, 'backbone=int8,flow-head=int4,vae=fp16'"
  })
  void everyStageKeepsItsGoldens(
      String checkpoint, String precision, @TempDir Path folder, FixtureModels models)
      throws IOException {
    Path target = folder.resolve("bundle");
    ModelExporter.exportUnchecked(
        ExportRequest.of(models.path(checkpoint), target)
            .withPrecision(ExportPrecision.parse(precision)),
        ExportListener.NONE);
    Bundle bundle = Bundle.open(target);
    Precision leastExact = bundle.manifest().precision().leastExact();
    verify(models, checkpoint, bundle, Target.of(DjlBackendProvider.ID).with(leastExact));
  }

  /** Weights of layers that scale or rotate their inputs are decoded to those of the checkpoint. */
  @Test
  void layersThatChangeTheirInputsAreDecoded(@TempDir Path folder, FixtureModels models)
      throws IOException {
    Path checkpoint =
        OutlierCheckpoint.writeBehindFunctions(models.path("tiny-a"), folder.resolve("checkpoint"));
    ExportSummary summary =
        ModelExporter.exportUnchecked(
            ExportRequest.of(checkpoint, folder.resolve("bundle"))
                .withPrecision(ExportPrecision.parse("int8")),
            ExportListener.NONE);
    assertEquals(
        List.of(true, true),
        summary.mitigatedLayers().stream().map(MitigatedLayer::changesInputs).toList());
    // The checkpoint computes what the original does, so the goldens of its fusion hold.
    verify(
        models,
        "tiny-a",
        Bundle.open(summary.bundle()),
        Target.of(DjlBackendProvider.ID).with(Precision.INT8),
        golden -> golden.name().startsWith("fusion_"));
  }

  private static void verify(
      FixtureModels models, String checkpoint, Bundle bundle, Target target) {
    verify(models, checkpoint, bundle, target, golden -> true);
  }

  private static void verify(
      FixtureModels models,
      String checkpoint,
      Bundle bundle,
      Target target,
      Predicate<GoldenCase> selection) {
    List<PlannedCheck> checks =
        Verification.plan(GoldenSet.open(models.path(checkpoint)), selection);
    Report report = new Verification(target, bundle).run(checks, outcome -> {});
    assertEquals(
        List.of(), report.outcomes(Status.FAILED).stream().map(Outcome::toString).toList());
    assertTrue(report.successful(), report::summary);
  }
}
