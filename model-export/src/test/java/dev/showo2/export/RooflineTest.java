package dev.showo2.export;

import static dev.showo2.export.Roofline.BRANCHES;
import static dev.showo2.export.Roofline.PROMPT;
import static dev.showo2.export.Roofline.TEXT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.inspect.StageWork;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.synthetic.SyntheticModels;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the page of limits with what the graphs cost. */
@Tag("onnx-checker")
class RooflineTest {

  private static final Path PAGE = Path.of("../backend-tensorrt/ROOFLINE.md");

  @TempDir private Path folder;

  @Test
  void thePageHasTheFiguresOfTheGraphs() throws IOException {
    String tables = new Roofline(folder).tables();
    String page = Files.readString(PAGE);
    assertTrue(page.contains(tables), () -> PAGE + " lacks\n" + tables);
  }

  /** Programs compute the same from the sizes alone; the graphs are what is right. */
  @ParameterizedTest
  @ValueSource(strings = {"1.5b", "1.5b-hq-1024", "7b"})
  void sizesGiveTheWorkOfTheGraphs(String model) throws IOException {
    Architecture a = SyntheticModels.architecture(model).orElseThrow();
    int tokens = a.imageGrid().tokens();
    int rows = a.imageGrid().rows() * a.patchSize();
    int columns = a.imageGrid().columns() * a.patchSize();
    int span = tokens + 1;
    Map<String, StageWork> expected =
        Map.of(
            "fusion", StageWork.fusion(a, tokens),
            "time embedding", StageWork.timeEmbedding(a),
            "backbone, step", batched(StageWork.backbone(a, PROMPT, span, Attention.FULL)),
            "flow head, step", batched(StageWork.flowHead(a, PROMPT, span)),
            "text embedding", StageWork.textEmbedding(a, 1),
            "backbone, token", StageWork.backbone(a, TEXT, 1, Attention.CAUSAL),
            "language head", StageWork.languageHead(a, 1),
            "VAE encoder", StageWork.vaeEncoder(a, rows, columns),
            "VAE decoder", StageWork.vaeDecoder(a, rows, columns));
    new Roofline(folder)
        .works(model)
        .values()
        .forEach(
            stages ->
                stages.forEach((stage, cost) -> assertWork(stage, cost, expected.get(stage))));
  }

  private static StageWork batched(StageWork branch) {
    return branch.batched(BRANCHES);
  }

  private static void assertWork(String stage, StageCost cost, StageWork work) {
    assertEquals(cost.operations(), work.operations(), 1e-9 * cost.operations(), stage);
    // It stays in fp32, as the last modulation of the flow head does; biases are not counted.
    int bytes = stage.equals("time embedding") ? Float.BYTES : Short.BYTES;
    assertEquals(cost.weights(), bytes * work.weights(), 0.02 * cost.weights(), stage);
    assertEquals(cost.values(), Float.BYTES * work.values(), 0.01 * cost.values(), stage);
  }

  /** Of [2, 3, 5] by [2, 5, 7], and of a kernel of 3 by 3 over 4 by 6 pixels. */
  @Test
  void countsWhatProductsTake() throws IOException {
    GraphBuilder graph = new GraphBuilder("products", key -> Optional.empty(), Dialect.PORTABLE);
    OnnxOps ops = new OnnxOps(graph);
    Value left = graph.input("left", DataType.FLOAT32, "batch", 3, 5);
    Value right = graph.input("right", DataType.FLOAT32, "batch", 5, 7);
    Value image = graph.input("image", DataType.FLOAT32, 1, 2, "height", "width");
    Value kernel = graph.floats(new float[8 * 2 * 9], 8, 2, 3, 3);
    Value bias = graph.floats(new float[8], 8);
    graph.output(
        ops.softmax(ops.matrixProduct(left, right)), "product", DataType.FLOAT32, "batch", 3, 7);
    Value filtered = ops.convolution(image, kernel, bias, 3, 1, 1, 1, 1, 1);
    graph.output(filtered, "present_0", DataType.FLOAT32, 1, 8, "height", "width");
    ModelProto model = graph.build();

    StageCost cost =
        StageCost.of(model, folder, Map.of("batch", 2L, "height", 4L, "width", 6L), "present_");

    double operations = 2.0 * (2 * 3 * 5 * 7) + 2.0 * (8 * 2 * 9) * (4 * 6);
    long values = 4 * (2 * 3 * 5 + 2 * 5 * 7 + 2 * 4 * 6 + 2 * 3 * 7);
    assertEquals(new StageCost(0, operations, 4 * (8 * 2 * 9 + 8), values, 4 * 2 * 3 * 7), cost);
  }
}
