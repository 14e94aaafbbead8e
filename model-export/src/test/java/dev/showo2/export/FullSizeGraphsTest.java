package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.architecture.ReleasedModels;
import dev.showo2.export.internal.graph.StageGraph;
import dev.showo2.export.internal.graph.StageGraphs;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The graphs of small models and of the released ones, in every dialect and precision. */
class FullSizeGraphsTest {

  /**
   * The shift, scale and gate of tokens that no time modulates take six times the width of the flow
   * head; the smallest matrix of a released model takes 192 KiB.
   */
  private static final int LARGEST_CONSTANT = 1 << 16;

  private static final int LARGEST_GRAPH = 1 << 20;

  /**
   * All of them are known to TensorRT's parser, and to ONNX from version 21 of its operators on.
   */
  private static final Set<String> PORTABLE_OPERATORS =
      Set.of(
          "Abs",
          "Add",
          "Cast",
          "Concat",
          "ConstantOfShape",
          "Conv",
          "Cos",
          "DequantizeLinear",
          "Div",
          "Gather",
          "Gelu",
          "Gemm",
          "Identity",
          "LayerNormalization",
          "MatMul",
          "Max",
          "Mul",
          "ReduceL2",
          "ReduceMax",
          "ReduceMean",
          "Reshape",
          "Resize",
          "Round",
          "Shape",
          "Sigmoid",
          "Sin",
          "Slice",
          "Softmax",
          "Split",
          "Sqrt",
          "Squeeze",
          "Sub",
          "Transpose",
          "Unsqueeze",
          "Where");

  private static final List<Architecture> ARCHITECTURES =
      List.of(
          TinyArchitecture.TIED,
          TinyArchitecture.UNTIED,
          ReleasedModels.small(ReleasedModels.STANDARD_SIDE),
          ReleasedModels.small(ReleasedModels.HIGH_SIDE),
          ReleasedModels.large());

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "fp16,vae=fp16", "bf16,vae=bf16", "int8", "int4"})
  void areSmallAndKeepToTheirOperators(String precision) {
    ExportPrecision parsed = ExportPrecision.parse(precision);
    for (Architecture architecture : ARCHITECTURES) {
      BundleOnPaper weights = new BundleOnPaper(architecture, parsed);
      for (Dialect dialect : Dialect.values()) {
        for (StageGraph graph : StageGraphs.build(architecture, weights, dialect)) {
          assertSmall(graph);
          if (dialect == Dialect.PORTABLE) {
            assertEquals(Set.of(), otherOperators(graph.model()), graph.fileName());
          }
        }
      }
    }
  }

  /** Whoever sets the ranges of an engine finds them in the README. */
  @Test
  void everyFreeDimensionIsDocumented() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Architecture architecture = ReleasedModels.large();
    BundleOnPaper weights = new BundleOnPaper(architecture, ExportPrecision.FP32);
    for (StageGraph graph : StageGraphs.build(architecture, weights, Dialect.PORTABLE)) {
      GraphProto proto = graph.model().getGraph();
      Stream.concat(proto.getInputList().stream(), proto.getOutputList().stream())
          .flatMap(
              value -> {
                var tensor = value.getType().getTensorType();
                return Stream.concat(
                    Stream.of(value.getName()),
                    tensor.getShape().getDimList().stream()
                        .filter(dimension -> !dimension.hasDimValue())
                        .map(TensorShapeProto.Dimension::getDimParam));
              })
          // Layers and network levels have the same names but for their number.
          .map(name -> name.replaceFirst("_\\d+$", "_N"))
          .distinct()
          .forEach(
              name ->
                  assertTrue(
                      readme.contains('`' + name + '`'),
                      () -> graph.fileName() + ": nothing is said of " + name));
    }
  }

  private static void assertSmall(StageGraph graph) {
    assertTrue(
        graph.model().getSerializedSize() < LARGEST_GRAPH, () -> graph.fileName() + " is large");
    for (TensorProto tensor : graph.model().getGraph().getInitializerList()) {
      boolean external = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
      assertTrue(
          external || tensor.getRawData().size() <= LARGEST_CONSTANT,
          () -> graph.fileName() + " holds " + tensor.getName() + " itself");
    }
  }

  private static Set<String> otherOperators(ModelProto model) {
    Set<String> others = new TreeSet<>();
    model.getOpsetImportList().stream()
        .map(OperatorSetIdProto::getDomain)
        .filter(domain -> !domain.isEmpty())
        .forEach(others::add);
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (!node.getDomain().isEmpty() || !PORTABLE_OPERATORS.contains(node.getOpType())) {
        others.add(node.getDomain() + " " + node.getOpType());
      }
    }
    return others;
  }
}
