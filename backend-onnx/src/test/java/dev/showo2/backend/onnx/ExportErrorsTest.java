package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ExportSummary;
import dev.showo2.export.ModelExporter;
import dev.showo2.export.ModelPart;
import dev.showo2.export.PartSummary;
import dev.showo2.export.UnquantizedLayer;
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

  /**
   * An 8-bit stage with one layer in floats runs, and is off by no more than without the outlier.
   */
  @Test
  void unquantizedLayersTakeTheOutlierAway(Models models, TestReporter reporter)
      throws IOException {
    Path original = models.fixture("tiny-a");
    double usual = backboneError(export(original, "backbone=int8"));
    ExportSummary summary =
        export(OutlierCheckpoint.write(original, folder.resolve("outlier")), "backbone=int8");
    assertEquals(
        List.of(OutlierCheckpoint.KEPT),
        summary.unquantizedLayers().stream().map(UnquantizedLayer::key).toList());
    double error = backboneError(summary);
    assertTrue(error < 1.5 * usual, () -> "off by " + error + ", without outlier by " + usual);
    reporter.publishEntry("backbone=int8", "off by " + error + ", without outlier by " + usual);
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
