package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.architecture.ReleasedModels;
import dev.showo2.export.internal.graph.StageGraph;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs ONNX's own checker on the graphs of ONNX Runtime's dialect, up to those of 7B; {@link
 * TensorRtParserTest} does on the portable ones.
 */
@Tag("onnx-checker")
class FullSizeCheckerTest {

  /** Sizes of models. */
  enum Model {
    TIED,
    UNTIED,
    RELEASED_1_5B,
    RELEASED_1_5B_HQ,
    RELEASED_7B;

    Architecture architecture() {
      return switch (this) {
        case TIED -> TinyArchitecture.TIED;
        case UNTIED -> TinyArchitecture.UNTIED;
        case RELEASED_1_5B -> ReleasedModels.small(ReleasedModels.STANDARD_SIDE);
        case RELEASED_1_5B_HQ -> ReleasedModels.small(ReleasedModels.HIGH_SIDE);
        case RELEASED_7B -> ReleasedModels.large();
      };
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "TIED, fp32",
    "TIED, 'fp16,vae=fp16'",
    "UNTIED, 'bf16,vae=bf16'",
    "UNTIED, int8",
    "TIED, int4",
    "RELEASED_1_5B, fp32",
    "RELEASED_1_5B, int8",
    "RELEASED_1_5B_HQ, int4",
    "RELEASED_7B, 'bf16,vae=fp16'",
    "RELEASED_7B, int4"
  })
  void acceptsEveryGraph(Model model, String precision) throws IOException {
    Architecture architecture = model.architecture();
    BundleOnPaper weights = new BundleOnPaper(architecture, ExportPrecision.parse(precision));
    weights.writeEmptyFiles(folder);
    int graphs = 0;
    for (StageGraph graph : StageGraphs.build(architecture, weights, Dialect.ORT)) {
      Path file = folder.resolve(graph.fileName());
      ModelProto inferred = OnnxChecker.check(Files.write(file, graph.model().toByteArray()));
      // Of other operators than its own the checker knows no shapes.
      if (graph.model().getOpsetImportCount() == 1) {
        OnnxChecker.assertEveryShapeIsKnown(inferred.getGraph());
      }
      graphs++;
    }
    assertEquals(13, graphs);
  }
}
