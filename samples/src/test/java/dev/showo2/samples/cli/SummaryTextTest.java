package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.ExportSummary;
import dev.showo2.export.MitigatedLayer;
import dev.showo2.export.ModelPart;
import dev.showo2.export.PartSummary;
import dev.showo2.export.UnquantizedLayer;
import dev.showo2.model.BundleFile;
import dev.showo2.model.Precision;
import dev.showo2.stage.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SummaryTextTest {

  private static final Path BUNDLE = Path.of("bundle").toAbsolutePath();

  @Test
  void saysWhatEachPartLostAndWhichLayersDidNot() {
    ExportSummary summary =
        new ExportSummary(
            BUNDLE,
            List.of(new BundleFile("backbone.safetensors", 3 << 20, "0".repeat(64))),
            List.of(
                new PartSummary(
                    ModelPart.BACKBONE, Precision.INT8, 3 << 20, OptionalDouble.of(0.01234)),
                new PartSummary(ModelPart.VAE, Precision.FP32, 512, OptionalDouble.empty())),
            List.of(new UnquantizedLayer("showo.model.layers.3.mlp.down_proj.weight", 0.5, 0.8125)),
            List.of(
                new MitigatedLayer("fusion_proj.3.weight", false, true, true, 0.25, 0.0125),
                new MitigatedLayer("fusion_proj.1.weight", true, false, false, 0.5, 0.03)),
            Optional.of("onnx"),
            Set.of(Stage.BACKBONE),
            List.of());
    assertEquals(
        List.of(
            "Wrote " + BUNDLE + ":",
            "  backbone.safetensors  3.0 MiB",
            "  1 files               3.0 MiB",
            "  backbone  int8    3.0 MiB  off by 0.0123",
            "  vae       fp32  512 bytes",
            "Inputs rotated: fusion_proj.3.weight (off by 0.013, without 0.250)",
            "Smoothed: fusion_proj.1.weight (off by 0.030, without 0.500)",
            "Kept in fp32: showo.model.layers.3.mlp.down_proj.weight (would be off by 0.500, for"
                + " the worst token 0.813)",
            "Ran every stage on onnx: backbone"),
        lines(summary));
  }

  private static List<String> lines(ExportSummary summary) {
    StringWriter text = new StringWriter();
    SummaryText.print(summary, new PrintWriter(text));
    return text.toString().lines().toList();
  }
}
