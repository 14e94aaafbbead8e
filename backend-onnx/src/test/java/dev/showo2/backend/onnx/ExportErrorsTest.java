package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.conformance.internal.OutlierCheckpoint;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.MitigatedLayer;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.ModelPart;
import dev.showo2.export.PartSummary;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the quantization errors that an export reports, with the stages on ONNX Runtime. */
@ExtendWith(ExportedModels.class)
class ExportErrorsTest {

  @TempDir Path folder;

  /** The limits are those that an export refuses to go beyond. */
  @ParameterizedTest
  @CsvSource({
    "tiny-a, vae=fp16, VAE, 0.005",
    "tiny-a, vae=bf16, VAE, 0.03",
    "tiny-b, vae=fp16, VAE, 0.005",
    "tiny-a, int8, FLOW_HEAD, 0.15",
    "tiny-a, int4, BACKBONE, 0.5"
  })
  void areMeasured(
      String checkpoint,
      String precision,
      ModelPart part,
      double limit,
      Models models,
      TestReporter reporter)
      throws IOException {
    ExportSummary summary = export(models.fixture(checkpoint), precision);
    PartSummary found = summary.parts().get(part.ordinal());
    double error = found.error().orElseThrow();
    assertTrue(error > 0 && error <= limit, found::toString);
    reporter.publishEntry(checkpoint + " " + precision, found.toString());
  }

  /** An 8-bit stage with a large input is off by no more than without it, in 8 bits throughout. */
  @Test
  void smoothedLayersTakeTheOutlierAway(Models models, TestReporter reporter) throws IOException {
    Path original = models.fixture("tiny-a");
    double usual = backboneError(export(original, "backbone=int8"));
    ExportSummary summary =
        export(OutlierCheckpoint.write(original, folder.resolve("outlier")), "backbone=int8");
    assertEquals(List.of(), summary.unquantizedLayers());
    MitigatedLayer layer = summary.mitigatedLayers().get(0);
    assertEquals(OutlierCheckpoint.OUTLIER, layer.key());
    assertTrue(layer.isSmoothed() && !layer.changesInputs(), layer::toString);
    double error = backboneError(summary);
    assertTrue(error < 1.5 * usual, () -> "off by " + error + ", without outlier by " + usual);
    reporter.publishEntry("backbone=int8", "off by " + error + ", without outlier by " + usual);
  }

  /** Layers that scale or rotate their inputs compute the same in both dialects as decoded. */
  @ParameterizedTest
  @ValueSource(strings = {"ort", "portable"})
  void layersThatChangeTheirInputsAreThoseOfTheReference(String dialect, Models models)
      throws IOException {
    Path checkpoint =
        OutlierCheckpoint.writeBehindFunctions(models.fixture("tiny-a"), folder.resolve("outlier"));
    ExportSummary summary = export(checkpoint, "int8");
    assertEquals(List.of(), summary.unquantizedLayers());
    assertEquals(
        List.of(true, true),
        summary.mitigatedLayers().stream().map(MitigatedLayer::changesInputs).toList());
    double error = summary.parts().get(ModelPart.FUSION.ordinal()).error().orElseThrow();
    assertTrue(error > 0 && error < 0.06, () -> "off by " + error);

    Bundle bundle = Bundle.open(summary.bundle());
    BackendConfig config = BackendConfig.builder().option("dialect", dialect).build();
    try (Backend onnx = new OnnxBackendProvider().open(bundle, config);
        Backend reference = new ReferenceBackendProvider().open(bundle, BackendConfig.defaults())) {
      HostTensor found = fused(onnx, bundle);
      HostTensor expected = fused(reference, bundle);
      // Numbers next to the middle of two integers are rounded to another one here and there.
      double different = StageError.of(expected, found).relativeRms();
      assertTrue(different < 0.02, () -> dialect + " differs by " + different);
    }
  }

  private static HostTensor fused(Backend backend, Bundle bundle) {
    Architecture architecture = bundle.architecture();
    TokenGrid grid = architecture.imageGrid();
    int patch = architecture.patchSize();
    HostTensor noise =
        Tensors.random(
            5,
            1,
            architecture.vae().latentChannels(),
            1,
            (long) grid.rows() * patch,
            (long) grid.columns() * patch);
    try (Tensor latents = backend.upload(noise)) {
      return Tensors.take(backend.fusion().fuse(FusionRequest.of(latents)));
    }
  }

  private static double backboneError(ExportSummary summary) {
    return summary.parts().get(ModelPart.BACKBONE.ordinal()).error().orElseThrow();
  }

  private ExportSummary export(Path checkpoint, String precision) throws IOException {
    ExportSummary summary =
        ModelExporter.export(
            ExportRequest.of(checkpoint, folder.resolve("bundle-of-" + checkpoint.getFileName()))
                .withPrecision(ExportPrecision.parse(precision))
                .withTarget(OnnxBackendProvider.ID),
            ExportListener.NONE);
    assertEquals(Optional.of(OnnxBackendProvider.ID), summary.checkedBy());
    return summary;
  }
}
