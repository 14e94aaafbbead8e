package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.onnx.OpSchemaRegistry;
import org.bytedeco.onnx.ShapeInferenceOptions;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ONNX's own checker and its full, strict shape inference say about the graphs. */
@Tag("onnx-checker")
class OnnxCheckerTest {

  private static final int STRICT = 1;

  @TempDir Path folder;

  static Stream<Architecture> architectures() {
    return Stream.of(TinyArchitecture.TIED, TinyArchitecture.UNTIED);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void acceptsEveryGraph(Architecture architecture) throws IOException {
    Bundle bundle = export(architecture);
    assertEquals(13, bundle.manifest().graphs().size());
    for (GraphFile graph : bundle.manifest().graphs()) {
      ModelProto inferred = check(bundle.directory().resolve(graph.file()));
      assertEveryShapeIsKnown(inferred.getGraph());
    }
  }

  /** Of every value between two nodes: its type and how many axes it has. */
  private static void assertEveryShapeIsKnown(GraphProto graph) {
    Set<String> known =
        graph.getValueInfoList().stream()
            .filter(value -> value.getType().getTensorType().hasShape())
            .map(ValueInfoProto::getName)
            .collect(Collectors.toSet());
    graph.getOutputList().forEach(output -> known.add(output.getName()));
    for (NodeProto node : graph.getNodeList()) {
      assertTrue(
          known.containsAll(node.getOutputList()),
          () -> graph.getName() + ": nobody knows the shape of " + node.getName());
    }
  }

  /** Shows that the checker really infers shapes and compares them with what is declared. */
  @Test
  void findsAWrongOutput() throws IOException {
    Path file = export(TinyArchitecture.TIED).directory().resolve("fusion.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(2)
        .setDimValue(33);
    Path wrong = Files.write(file.resolveSibling("wrong.onnx"), model.build().toByteArray());
    assertThrows(RuntimeException.class, () -> check(wrong));
  }

  /** Sizes go through the computation of shapes, too, so that declared outputs are compared. */
  private static ModelProto check(Path graph) throws IOException {
    onnx.check_model(graph.toString(), true, false, true);
    Path inferred = graph.resolveSibling(graph.getFileName() + ".inferred");
    try (ShapeInferenceOptions options = new ShapeInferenceOptions(true, STRICT, true)) {
      onnx.InferShapes(
          graph.toString(), inferred.toString(), OpSchemaRegistry.Instance(), options, null);
    }
    return ModelProto.parseFrom(Files.readAllBytes(inferred));
  }

  private Bundle export(Architecture architecture) throws IOException {
    Path checkpoint = TestCheckpoint.of(architecture).write(folder.resolve("checkpoint"));
    Path place = folder.resolve("bundle");
    ModelExporter.export(ExportRequest.of(checkpoint, place), ExportListener.NONE);
    return Bundle.open(place);
  }
}
