package dev.showo2.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * TensorRT's ONNX parser as far as it is known, since it does not run without a GPU: its list of
 * operators and types, and the rules by which it refuses graphs.
 */
final class TensorRtParser {

  /** Of its class for sizes. */
  private static final int MOST_AXES = 8;

  private static final Set<String> EXTERNAL_KEYS =
      Set.of("location", "offset", "length", "checksum");

  private static final Set<String> RESIZE_MODES = Set.of("nearest", "linear", "cubic");

  private static final Set<String> RESIZE_COORDINATES =
      Set.of(
          "half_pixel",
          "pytorch_half_pixel",
          "tf_half_pixel_for_nn",
          "asymmetric",
          "align_corners");

  /** Operators that have the type of their data not in the first input. */
  private static final Set<String> TYPED_BY_OUTPUT = Set.of("Where", "ConstantOfShape");

  /** Which inputs say shapes, by operator. */
  private static final Map<String, Set<Integer>> SHAPE_OPERANDS =
      Map.of(
          "Reshape", Set.of(1),
          "Resize", Set.of(3),
          "ConstantOfShape", Set.of(0),
          "Expand", Set.of(1),
          "Slice", Set.of(1, 2, 3, 4),
          "Split", Set.of(1),
          "Squeeze", Set.of(1),
          "Unsqueeze", Set.of(1));

  private record Operator(Set<String> types, boolean constantAxes) {}

  private final Map<String, Operator> supported = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<Long> int4Blocks = new HashSet<>();

  private TensorRtParser(Stream<String> lines) {
    lines
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\t"))
        .forEach(
            cells -> {
              switch (cells[0]) {
                case "supported" ->
                    supported.put(
                        cells[1], new Operator(Set.of(cells[2].split(",")), cells.length > 3));
                case "refused" -> refused.add(cells[1]);
                case "int4-block" -> int4Blocks.add(Long.parseLong(cells[1]));
                default -> throw new IllegalStateException("parser.tsv: " + cells[0]);
              }
            });
  }

  static TensorRtParser read() {
    try (InputStream in = TensorRtParser.class.getResourceAsStream("/tensorrt/parser.tsv")) {
      return new TensorRtParser(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Why the parser would refuse a graph.
   *
   * @param model with the types and shapes that the checker inferred
   * @return each kind of reason once; empty if none is known
   */
  Set<String> problems(ModelProto model) {
    Set<String> problems = new TreeSet<>();
    model.getOpsetImportList().stream()
        .map(OperatorSetIdProto::getDomain)
        .filter(domain -> !domain.isEmpty())
        .forEach(domain -> problems.add("operators of " + domain));
    Graph graph = new Graph(model.getGraph());
    for (TensorProto weight : model.getGraph().getInitializerList()) {
      checkExternalData(weight, problems);
    }
    for (NodeProto node : model.getGraph().getNodeList()) {
      checkTypes(node, graph, problems);
      switch (node.getOpType()) {
        case "DequantizeLinear" -> checkQuantization(node, graph, problems);
        case "Resize" -> checkResize(node, problems);
        case "Conv" ->
            require(
                graph.isConstant(node.getInput(1)) || attribute(node, "kernel_shape").isPresent(),
                "Conv of a computed kernel whose size is not said",
                problems);
        case "Gemm" -> require(graph.rank(node.getInput(0)) == 2, "Gemm of more axes", problems);
        default -> {}
      }
      for (String output : node.getOutputList()) {
        require(graph.rank(output) <= MOST_AXES, "more than 8 axes", problems);
      }
    }
    return problems;
  }

  private static void require(boolean condition, String problem, Set<String> problems) {
    if (!condition) {
      problems.add(problem);
    }
  }

  private static void checkExternalData(TensorProto weight, Set<String> problems) {
    for (StringStringEntryProto entry : weight.getExternalDataList()) {
      require(
          EXTERNAL_KEYS.contains(entry.getKey()),
          "external data with the key " + entry.getKey(),
          problems);
      require(
          !entry.getKey().equals("location") || entry.getValue().matches("[A-Za-z0-9][\\w.-]*"),
          "external data in " + entry.getValue(),
          problems);
    }
  }

  private void checkTypes(NodeProto node, Graph graph, Set<String> problems) {
    String name = node.getOpType();
    Operator operator = supported.get(name);
    if (operator == null || refused.contains(name)) {
      problems.add(name);
      return;
    }
    boolean byOutput = TYPED_BY_OUTPUT.contains(name);
    checkType(
        name, operator, graph.type(byOutput ? node.getOutput(0) : node.getInput(0)), problems);
    if (name.equals("Cast")) {
      checkType(name, operator, graph.type(node.getOutput(0)), problems);
    }
    if (operator.constantAxes()) {
      int axes = name.equals("Slice") ? 3 : 1;
      require(
          node.getInputCount() <= axes || graph.isConstant(node.getInput(axes)),
          name + " whose axes are computed",
          problems);
    }
  }

  private static void checkType(
      String name, Operator operator, DataType type, Set<String> problems) {
    String known =
        switch (type) {
          case FLOAT -> "FP32";
          case FLOAT16 -> "FP16";
          case BFLOAT16 -> "BF16";
          default -> type.name();
        };
    require(operator.types().contains(known), name + " of " + known, problems);
  }

  /** Weights are constants with a scale per row, or one per block of a row. */
  private void checkQuantization(NodeProto node, Graph graph, Set<String> problems) {
    require(
        node.getInputCount() == 2 && node.getInputList().stream().allMatch(graph::isConstant),
        "DequantizeLinear of computed values",
        problems);
    long axis = attribute(node, "axis").map(AttributeProto::getI).orElse(1L);
    Optional<Long> block = attribute(node, "block_size").map(AttributeProto::getI);
    if (graph.type(node.getInput(0)) == DataType.INT8) {
      require(
          axis == 0 && block.isEmpty() && graph.rank(node.getInput(1)) == 1,
          "int8 weights without a scale per row",
          problems);
    } else {
      require(
          block.isPresent() && int4Blocks.contains(block.get()),
          "int4 weights in blocks of " + block.map(Object::toString).orElse("a whole row"),
          problems);
    }
  }

  private static void checkResize(NodeProto node, Set<String> problems) {
    String mode = text(node, "mode", "nearest");
    String coordinates = text(node, "coordinate_transformation_mode", "half_pixel");
    require(RESIZE_MODES.contains(mode), "Resize in mode " + mode, problems);
    require(RESIZE_COORDINATES.contains(coordinates), "Resize by " + coordinates, problems);
    require(attribute(node, "antialias").isEmpty(), "Resize with antialiasing", problems);
  }

  private static String text(NodeProto node, String name, String standard) {
    return attribute(node, name).map(each -> each.getS().toStringUtf8()).orElse(standard);
  }

  private static Optional<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(each -> each.getName().equals(name)).findFirst();
  }

  /** Operators that give 64-bit integers: shapes, and nothing that is computed with. */
  static Set<String> givingLongs(ModelProto model) {
    Graph graph = new Graph(model.getGraph());
    return model.getGraph().getNodeList().stream()
        .filter(node -> graph.type(node.getOutput(0)) == DataType.INT64)
        .map(NodeProto::getOpType)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Inputs whose values decide shapes; TensorRT wants their ranges, too, in a profile. */
  static Set<String> shapeInputs(ModelProto model) {
    Map<String, NodeProto> producers = new HashMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      for (int operand : SHAPE_OPERANDS.getOrDefault(node.getOpType(), Set.of())) {
        if (operand < node.getInputCount()) {
          open.add(node.getInput(operand));
        }
      }
    }
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String value = open.remove();
      NodeProto producer = producers.get(value);
      // A shape depends on no values.
      if (seen.add(value) && producer != null && !producer.getOpType().equals("Shape")) {
        open.addAll(producer.getInputList());
      }
    }
    return model.getGraph().getInputList().stream()
        .map(ValueInfoProto::getName)
        .filter(seen::contains)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Types and ranks of all values. */
  private static final class Graph {

    private final Map<String, DataType> types = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Set<String> constants = new HashSet<>();

    Graph(GraphProto graph) {
      for (List<ValueInfoProto> values :
          List.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())) {
        for (ValueInfoProto value : values) {
          types.put(
              value.getName(), DataType.forNumber(value.getType().getTensorType().getElemType()));
          ranks.put(value.getName(), value.getType().getTensorType().getShape().getDimCount());
        }
      }
      for (TensorProto weight : graph.getInitializerList()) {
        types.put(weight.getName(), DataType.forNumber(weight.getDataType()));
        ranks.put(weight.getName(), weight.getDimsCount());
        constants.add(weight.getName());
      }
    }

    DataType type(String value) {
      return types.getOrDefault(value, DataType.UNDEFINED);
    }

    /** 0 of values of which the checker knows nothing. */
    int rank(String value) {
      return ranks.getOrDefault(value, 0);
    }

    boolean isConstant(String value) {
      return constants.contains(value);
    }
  }
}
