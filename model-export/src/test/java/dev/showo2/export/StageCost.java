package dev.showo2.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The least cost of a run of a graph: the floating-point operations of its products, two for each
 * multiplication with its addition, and the bytes that it cannot help to move. What else is
 * computed is not counted, and intermediate values are taken to stay on the chip.
 *
 * @param half operations of products of 16-bit floats
 * @param single operations of products of 32-bit floats
 * @param weights bytes of weights that are read
 * @param values bytes of inputs and of those outputs that are asked for
 * @param scores bytes of the weights of attention, which stay on the chip where it is one kernel;
 *     not part of the least cost
 */
record StageCost(double half, double single, long weights, long values, long scores) {

  /** The same with more values. */
  StageCost withMore(long bytes) {
    return new StageCost(half, single, weights, values + bytes, scores);
  }

  double operations() {
    return half + single;
  }

  long bytes() {
    return weights + values;
  }

  /**
   * Walks a graph.
   *
   * @param folder for the checker's files, with the files of weights
   * @param sizes of the free dimensions of inputs, by name
   * @param unasked the beginning of the names of outputs that nobody asks for; may match none
   */
  static StageCost of(ModelProto model, Path folder, Map<String, Long> sizes, String unasked)
      throws IOException {
    Path file = Files.createTempFile(folder, "sized", ".onnx");
    GraphProto graph =
        OnnxChecker.check(Files.write(file, sized(model, sizes).toByteArray())).getGraph();
    return new Walk(graph).cost(unasked);
  }

  /** The graph for inputs of these sizes; those of outputs are left to be inferred. */
  private static ModelProto sized(ModelProto model, Map<String, Long> sizes) {
    ModelProto.Builder sized = model.toBuilder();
    GraphProto.Builder graph = sized.getGraphBuilder();
    for (ValueInfoProto.Builder input : graph.getInputBuilderList()) {
      for (Dimension.Builder dimension : dimensions(input)) {
        if (dimension.hasDimParam()) {
          dimension.setDimValue(sizes.get(dimension.getDimParam()));
        }
      }
    }
    for (ValueInfoProto.Builder output : graph.getOutputBuilderList()) {
      dimensions(output).forEach(Dimension.Builder::clear);
    }
    return sized.build();
  }

  private static List<Dimension.Builder> dimensions(ValueInfoProto.Builder value) {
    return value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilderList();
  }

  /** The shapes and types of all values of one graph. */
  private static final class Walk {

    private final GraphProto graph;
    private final Map<String, List<Long>> shapes = new HashMap<>();
    private final Map<String, DataType> types = new HashMap<>();
    private double half;
    private double single;
    private long weights;
    private long values;
    private long scores;

    Walk(GraphProto graph) {
      this.graph = graph;
      graph.getInputList().forEach(this::add);
      graph.getValueInfoList().forEach(this::add);
      graph.getOutputList().forEach(this::add);
      for (TensorProto weight : graph.getInitializerList()) {
        shapes.put(weight.getName(), weight.getDimsList());
        types.put(weight.getName(), DataType.forNumber(weight.getDataType()));
      }
    }

    private void add(ValueInfoProto value) {
      var tensor = value.getType().getTensorType();
      shapes.put(
          value.getName(),
          tensor.getShape().getDimList().stream()
              .map(
                  dimension -> {
                    if (!dimension.hasDimValue()) {
                      throw new IllegalStateException(
                          graph.getName() + ": a size of " + value.getName() + " is not known");
                    }
                    return dimension.getDimValue();
                  })
              .toList());
      types.put(value.getName(), DataType.forNumber(tensor.getElemType()));
    }

    StageCost cost(String unasked) {
      Set<String> gathered = new HashSet<>();
      for (NodeProto node : graph.getNodeList()) {
        switch (node.getOpType()) {
          case "Gemm", "MatMul" -> addProduct(node, depth(node));
          case "Conv" -> {
            List<Long> kernel = shapes.get(node.getInput(1));
            addProduct(node, (double) kernel.get(1) * kernel.get(2) * kernel.get(3));
          }
          case "Gather" -> {
            gathered.add(node.getInput(0));
            weights += isWeight(node.getInput(0)) ? bytes(node.getOutput(0)) : 0;
          }
          case "Softmax" -> scores += bytes(node.getOutput(0));
          default -> {}
        }
      }
      for (TensorProto weight : graph.getInitializerList()) {
        // Of a table only the rows that are looked up.
        weights += gathered.contains(weight.getName()) ? 0 : bytes(weight.getName());
      }
      graph.getInputList().forEach(input -> values += bytes(input.getName()));
      graph.getOutputList().stream()
          .filter(output -> !output.getName().startsWith(unasked))
          .forEach(output -> values += bytes(output.getName()));
      return new StageCost(half, single, weights, values, scores);
    }

    /** How many products are summed for each value. */
    private double depth(NodeProto node) {
      List<Long> left = shapes.get(node.getInput(0));
      boolean transposed =
          node.getAttributeList().stream()
              .filter(attribute -> attribute.getName().equals("transA"))
              .map(AttributeProto::getI)
              .anyMatch(flag -> flag != 0);
      return left.get(left.size() - (transposed ? 2 : 1));
    }

    private void addProduct(NodeProto node, double depth) {
      double operations = 2 * elements(node.getOutput(0)) * depth;
      if (types.get(node.getInput(0)) == DataType.FLOAT) {
        single += operations;
      } else {
        half += operations;
      }
    }

    private boolean isWeight(String value) {
      return graph.getInitializerList().stream().anyMatch(each -> each.getName().equals(value));
    }

    private double elements(String value) {
      return shapes.get(value).stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    }

    private long bytes(String value) {
      return (long) elements(value)
          * switch (types.get(value)) {
            case FLOAT -> 4;
            case FLOAT16, BFLOAT16 -> 2;
            case INT64 -> 8;
            case BOOL, INT8 -> 1;
            default -> throw new IllegalStateException(value + " of " + types.get(value));
          };
    }
  }
}
