package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.showo2.conformance.FixtureModels;
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
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The goldens of the official code on engines of each precision, as far as it allows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PrecisionGoldens {

  abstract BackendProvider provider();

  abstract BackendConfig config();

  final FixtureModels models = new FixtureModels();

  @AfterAll
  void close() throws Exception {
    models.close();
  }

  @ParameterizedTest
  @CsvSource({"tiny-a, fp16", "tiny-b, bf16", "tiny-a, int8"})
  void everyStageKeepsItsGoldens(String checkpoint, String precision, @TempDir Path folder)
      throws Exception {
    keepsGoldens(checkpoint, precision, config(), Precision.FP32, folder);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny-a, fp32, fp16",
    "tiny-b, fp32, bf16",
    "tiny-b, bf16, bf16",
    "tiny-a, int8, bf16"
  })
  void everyStageKeepsItsGoldensWithAllProductsIn16Bits(
      String checkpoint, String precision, String compute, @TempDir Path folder) throws Exception {
    BackendConfig config = config().toBuilder().option("compute-precision", compute).build();
    keepsGoldens(checkpoint, precision, config, Precision.of(compute), folder);
  }

  /** Layers of the fusion that scale or rotate their inputs; the checkpoint computes the same. */
  @Test
  void layersThatChangeTheirInputsKeepTheGoldens(@TempDir Path folder) throws Exception {
    requireUsable();
    Path checkpoint =
        OutlierCheckpoint.writeBehindFunctions(models.path("tiny-a"), folder.resolve("checkpoint"));
    Bundle bundle = exported(checkpoint, "int8", folder);
    verify(
        "tiny-a", bundle, config(), Precision.INT8, golden -> golden.name().startsWith("fusion_"));
  }

  /**
   * @param compute the precision of products in 32-bit floats
   */
  private void keepsGoldens(
      String checkpoint, String precision, BackendConfig config, Precision compute, Path folder)
      throws Exception {
    requireUsable();
    Bundle bundle = exported(models.path(checkpoint), precision, folder);
    Precision stored = bundle.manifest().precision().leastExact();
    Precision least = stored.compareTo(compute) > 0 ? stored : compute;
    verify(checkpoint, bundle, config, least, golden -> true);
  }

  private void requireUsable() {
    if (provider().probe() instanceof Availability.Unusable unusable) {
      abort("not run: " + unusable.reason());
    }
  }

  private void verify(
      String checkpoint,
      Bundle bundle,
      BackendConfig config,
      Precision least,
      Predicate<GoldenCase> selection) {
    Report report =
        new Verification(Target.of(provider().id()).with(config).with(least), bundle)
            .run(
                Verification.plan(GoldenSet.open(models.path(checkpoint)), selection),
                outcome -> {});
    assertEquals(
        "",
        String.join("\n", report.outcomes(Status.FAILED).stream().map(Outcome::toString).toList()));
    assertTrue(report.successful(), report::summary);
  }

  static Bundle exported(Path checkpoint, String precision, Path folder) throws Exception {
    Path target = folder.resolve("bundle");
    ModelExporter.exportUnchecked(
        ExportRequest.of(checkpoint, target).withPrecision(ExportPrecision.parse(precision)),
        ExportListener.NONE);
    return Bundle.open(target);
  }
}
