package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.onnx.OpSchemaRegistry;
import org.bytedeco.onnx.ShapeInferenceOptions;
import org.bytedeco.onnx.global.onnx;

/** ONNX's own checker and its full, strict shape inference. */
final class OnnxChecker {

  private static final int STRICT = 1;

  private OnnxChecker() {}

  /**
   * Operators of other domains are taken as they are: nobody but their engine knows them.
   *
   * <p>Sizes go through the computation of shapes, too, so that declared outputs are compared.
   */
  static ModelProto check(Path graph) throws IOException {
    onnx.check_model(graph.toString(), true, false, false);
    Path inferred = graph.resolveSibling(graph.getFileName() + ".inferred");
    try (ShapeInferenceOptions options = new ShapeInferenceOptions(true, STRICT, true)) {
      onnx.InferShapes(
          graph.toString(), inferred.toString(), OpSchemaRegistry.Instance(), options, null);
    }
    return ModelProto.parseFrom(Files.readAllBytes(inferred));
  }

  /** Of every value between two nodes: its type and how many axes it has. */
  static void assertEveryShapeIsKnown(GraphProto graph) {
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
}
