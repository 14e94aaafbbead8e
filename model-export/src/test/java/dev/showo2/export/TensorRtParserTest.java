package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.graph.StageGraph;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the portable graphs with what is known of TensorRT's parser. */
@Tag("onnx-checker")
class TensorRtParserTest {

  /** Rows of quantized embeddings: TensorRT has these types for weights of products alone. */
  private static final Set<String> QUANTIZED_ROWS = Set.of("Cast of INT8", "Gather of INT8");

  private static final TensorRtParser PARSER = TensorRtParser.read();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "TIED, fp32",
    "TIED, 'fp16,vae=fp16'",
    "TIED, 'bf16,vae=bf16'",
    "UNTIED, fp32",
    "UNTIED, 'fp16,vae=fp16'",
    "UNTIED, 'bf16,vae=bf16'",
    "RELEASED_1_5B, fp32",
    "RELEASED_1_5B, 'fp16,vae=fp16'",
    "RELEASED_1_5B, 'bf16,vae=bf16'",
    "RELEASED_1_5B_HQ, fp32",
    "RELEASED_1_5B_HQ, 'fp16,vae=fp16'",
    "RELEASED_1_5B_HQ, 'bf16,vae=bf16'",
    "RELEASED_7B, fp32",
    "RELEASED_7B, 'fp16,vae=fp16'",
    "RELEASED_7B, 'bf16,vae=bf16'"
  })
  void takesFloats(FullSizeCheckerTest.Model model, String precision) throws IOException {
    assertEquals(Map.of(), problems(model, precision));
  }

  /**
   * Whoever builds engines looks up the rows of the embedding itself. Matrices that are no blocks
   * of 32 are int8 in int4 bundles, too.
   */
  @ParameterizedTest
  @CsvSource({
    "TIED, int8",
    "UNTIED, int8",
    "UNTIED, int4",
    "RELEASED_1_5B, int8",
    "RELEASED_1_5B_HQ, int8",
    "RELEASED_7B, int8"
  })
  void takesInt8ButForEmbeddings(FullSizeCheckerTest.Model model, String precision)
      throws IOException {
    assertEquals(Map.of(Stage.TEXT_EMBEDDING, QUANTIZED_ROWS), problems(model, precision));
  }

  /** Its blocks have 64 or 128 elements. */
  @ParameterizedTest
  @CsvSource({"TIED", "RELEASED_1_5B", "RELEASED_1_5B_HQ", "RELEASED_7B"})
  void refusesInt4InBlocksOf32(FullSizeCheckerTest.Model model) throws IOException {
    Map<Stage, Set<String>> problems = problems(model, "int4");
    assertEquals(QUANTIZED_ROWS, problems.remove(Stage.TEXT_EMBEDDING));
    assertTrue(problems.keySet().containsAll(Set.of(Stage.BACKBONE, Stage.FLOW_HEAD)));
    problems.forEach(
        (stage, found) -> assertEquals(Set.of("int4 weights in blocks of 32"), found, stage.id()));
  }

  private Map<Stage, Set<String>> problems(FullSizeCheckerTest.Model model, String precision)
      throws IOException {
    Map<Stage, Set<String>> problems = new TreeMap<>();
    Map<Stage, Set<String>> shapeInputs = new TreeMap<>();
    Set<String> givingLongs = new TreeSet<>();
    Architecture architecture = model.architecture();
    BundleOnPaper weights = new BundleOnPaper(architecture, ExportPrecision.parse(precision));
    weights.writeEmptyFiles(folder);
    for (StageGraph graph : StageGraphs.build(architecture, weights, Dialect.PORTABLE)) {
      ModelProto inferred = inferred(graph);
      OnnxChecker.assertEveryShapeIsKnown(inferred.getGraph());
      add(problems, graph.stage(), PARSER.problems(inferred));
      add(shapeInputs, graph.stage(), TensorRtParser.shapeInputs(inferred));
      givingLongs.addAll(TensorRtParser.givingLongs(inferred));
    }
    assertEquals(
        Map.of(Stage.FUSION_RESIZE, Set.of("rows", "columns", "new_rows", "new_columns")),
        shapeInputs);
    assertEquals(Set.of("Concat", "Shape"), givingLongs);
    return problems;
  }

  private static void add(Map<Stage, Set<String>> all, Stage stage, Set<String> found) {
    if (!found.isEmpty()) {
      all.computeIfAbsent(stage, each -> new TreeSet<>()).addAll(found);
    }
  }

  private ModelProto inferred(StageGraph graph) throws IOException {
    Path file = folder.resolve(graph.fileName());
    return OnnxChecker.check(Files.write(file, graph.model().toByteArray()));
  }

  /** Shows that the rules find something: the other dialect is none for TensorRT. */
  @Test
  void refusesTheDialectOfOnnxRuntime() throws IOException {
    Architecture architecture = FullSizeCheckerTest.Model.TIED.architecture();
    BundleOnPaper weights = new BundleOnPaper(architecture, ExportPrecision.parse("int8"));
    weights.writeEmptyFiles(folder);
    StageGraph graph =
        StageGraphs.build(architecture, weights, Dialect.ORT).stream()
            .filter(each -> each.stage() == Stage.LANGUAGE_HEAD)
            .findFirst()
            .orElseThrow();
    ModelProto.Builder model = graph.model().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearExternalData()
        .addExternalDataBuilder()
        .setKey("prepacked_0")
        .setValue("1|2|3");
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .addExternalDataBuilder()
        .setKey("location")
        .setValue("../weights.safetensors");
    Set<String> problems = PARSER.problems(model.build());
    for (String problem :
        Set.of(
            "operators of com.microsoft",
            "MatMulIntegerToFloat",
            "external data with the key prepacked_0",
            "external data in ../weights.safetensors")) {
      assertTrue(problems.contains(problem), problems.toString());
    }
  }
}
