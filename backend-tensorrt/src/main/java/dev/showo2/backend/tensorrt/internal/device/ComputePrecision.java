package dev.showo2.backend.tensorrt.internal.device;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The element type in which products of 32-bit floats are computed: those of attention and
 * convolutions in every bundle, those of linear layers in fp32 and int8 bundles. TensorRT has no
 * kernel of attention in 32 bits and half as many operations a second, or fewer, so the type
 * decides how fast a GPU can be; sums, norms and the softmax stay in 32 bits.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum ComputePrecision {
  /** As the graph says: 32 bits. */
  BUNDLE(DataType.FLOAT_VALUE),

  /** 16-bit floats with ten bits of fraction, up to 65504. */
  FP16(DataType.FLOAT16_VALUE),

  /** 16-bit floats with seven bits of fraction and the range of 32-bit floats. */
  BF16(DataType.BFLOAT16_VALUE);

  private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Conv");

  private final int type;

  ComputePrecision(int type) {
    this.type = type;
  }

  /** The name among the backend's options. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Rounds what goes into each product of 32-bit floats and makes its result a 32-bit float again.
   * Names and types at the border of the graph stay, as do weights.
   */
  public ModelProto apply(ModelProto model) {
    if (this == BUNDLE) {
      return model;
    }
    GraphProto graph = model.getGraph();
    Casts casts = new Casts(graph.toBuilder().clearNode());
    for (TensorProto weight : graph.getInitializerList()) {
      if (isShort(weight.getDataType())) {
        casts.shortValues.add(weight.getName());
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      boolean takesShort = node.getInputList().stream().anyMatch(casts.shortValues::contains);
      if (PRODUCTS.contains(node.getOpType()) && !takesShort) {
        casts.addRounded(node);
      } else {
        casts.graph.addNode(node);
        if (PRODUCTS.contains(node.getOpType()) || castsToShort(node)) {
          casts.shortValues.add(node.getOutput(0));
        }
      }
    }
    return model.toBuilder().setGraph(casts.graph).build();
  }

  private static boolean isShort(int type) {
    return type == DataType.FLOAT16_VALUE || type == DataType.BFLOAT16_VALUE;
  }

  private static boolean castsToShort(NodeProto node) {
    return node.getOpType().equals("Cast")
        && node.getAttributeList().stream()
            .anyMatch(to -> to.getName().equals("to") && isShort((int) to.getI()));
  }

  /** The graph that comes to be, with one cast of each value that products take. */
  private final class Casts {

    private final GraphProto.Builder graph;

    /** Values of 16 bits that the graph has of its own. */
    private final Set<String> shortValues = new HashSet<>();

    /** The rounded value, by the name of that of 32 bits. */
    private final Map<String, String> rounded = new HashMap<>();

    Casts(GraphProto.Builder graph) {
      this.graph = graph;
    }

    void addRounded(NodeProto node) {
      NodeProto.Builder product = node.toBuilder().clearInput().clearOutput();
      for (String input : node.getInputList()) {
        // An optional input that is left out has no name.
        product.addInput(input.isEmpty() ? input : rounded.computeIfAbsent(input, this::round));
      }
      String output = node.getOutput(0);
      String result = output + "/" + id();
      graph.addNode(product.addOutput(result));
      graph.addNode(cast(result, output, DataType.FLOAT_VALUE));
      // A product that takes this one needs no second rounding.
      rounded.put(output, result);
    }

    private String round(String value) {
      String result = value + "/" + id();
      graph.addNode(cast(value, result, type));
      return result;
    }
  }

  /**
   * Makes a node that changes the element type.
   *
   * @param type number of the type in ONNX
   */
  public static NodeProto cast(String input, String output, int type) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .setName(output + "/cast")
        .addInput(input)
        .addOutput(output)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(type))
        .build();
  }
}
