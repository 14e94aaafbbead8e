package dev.showo2.backend.tensorrt.emulation;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import java.util.HashSet;
import java.util.Set;

/**
 * Graphs with products in bfloat16, for which ONNX Runtime has no kernel on the CPU: inputs are
 * cast to 32-bit floats, in which all of them are exact, and results are rounded, as GPUs do it.
 */
final class Bf16Graphs {

  private static final Set<String> PRODUCTS = Set.of("Gemm", "MatMul", "Conv");

  private Bf16Graphs() {}

  static ModelProto runnable(ModelProto model) {
    GraphProto graph = model.getGraph();
    Set<String> bf16 = new HashSet<>();
    for (TensorProto weight : graph.getInitializerList()) {
      if (weight.getDataType() == TensorProto.DataType.BFLOAT16_VALUE) {
        bf16.add(weight.getName());
      }
    }
    GraphProto.Builder changed = graph.toBuilder().clearNode();
    for (NodeProto node : graph.getNodeList()) {
      if (PRODUCTS.contains(node.getOpType())
          && node.getInputList().stream().anyMatch(bf16::contains)) {
        NodeProto.Builder inFloats = node.toBuilder().clearInput().clearOutput();
        for (String input : node.getInputList()) {
          String cast = node.getOutput(0) + "/" + input + "/float";
          changed.addNode(ComputePrecision.cast(input, cast, TensorProto.DataType.FLOAT_VALUE));
          inFloats.addInput(cast);
        }
        String result = node.getOutput(0) + "/float";
        changed.addNode(inFloats.addOutput(result));
        changed.addNode(
            ComputePrecision.cast(result, node.getOutput(0), TensorProto.DataType.BFLOAT16_VALUE));
        bf16.add(node.getOutput(0));
      } else {
        changed.addNode(node);
        boolean toBf16 =
            node.getOpType().equals("Cast")
                && node.getAttributeList().stream()
                    .anyMatch(
                        attribute ->
                            attribute.getName().equals("to")
                                && attribute.getI() == TensorProto.DataType.BFLOAT16_VALUE);
        if (toBf16) {
          bf16.add(node.getOutput(0));
        }
      }
    }
    return model.toBuilder().setGraph(changed).build();
  }
}
