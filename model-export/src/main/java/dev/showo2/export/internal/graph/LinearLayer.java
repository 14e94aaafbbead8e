package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxAttribute;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.quantization.Int4Block;
import dev.showo2.export.internal.quantization.Int8Row;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.tensor.ElementType;
import java.util.List;

/**
 * x · Wᵀ over rows x [N, in], with W [out, in] as torch stores it, spelled as the encoding of W and
 * the dialect ask for. Both dialects compute the same function, but for the inputs of 4-bit layers:
 * ONNX Runtime rounds them to 8 bits in blocks of 32.
 */
record LinearLayer(GraphBuilder graph, OnnxOps ops) {

  private static final int ZERO_POINT = 128;

  /** So that a row of zeros is not divided by zero; no scale of another row is as small. */
  private static final float SMALLEST_SCALE = 1e-30f;

  /** Lets ONNX Runtime compute 4-bit layers in 8-bit integers. */
  private static final int ACCURACY_INT8 = 4;

  /** Turns a 4-bit two's complement integer into one that is 8 larger and has no sign. */
  private static final int SIGNS_OF_BOTH = 0x88;

  Value apply(Value x, String weight, String bias) {
    return graph.weightType(weight) == ElementType.FLOAT32
        ? ops.gemm(x, graph.weight(weight), graph.weight(bias))
        : ops.add(apply(x, weight), graph.weight(bias));
  }

  Value apply(Value x, String weight) {
    return switch (graph.weightType(weight)) {
      case INT8 -> scalesRows(weight) ? int8Fused(x, weight).result(ops) : int8(x, weight);
      case UINT8 -> graph.dialect() == Dialect.ORT ? int4Fused(x, weight) : int4(x, weight);
      case FLOAT16 -> half(x, weight, DataType.FLOAT16);
      case BFLOAT16 -> half(x, weight, DataType.BFLOAT16);
      default -> ops.gemm(x, graph.weight(weight));
    };
  }

  /** Whether {@link #int8Fused} computes the layer. */
  boolean scalesRows(String weight) {
    return graph.dialect() == Dialect.ORT && graph.weightType(weight) == ElementType.INT8;
  }

  /** Whether a NaN among the inputs may give ordinary numbers. */
  boolean hidesNaN(String weight) {
    ElementType type = graph.weightType(weight);
    return graph.dialect() == Dialect.ORT
        && (type == ElementType.INT8 || type == ElementType.UINT8);
  }

  /** How many inputs the layer has. */
  long inputs(String weight) {
    long stored = graph.weightShape(weight)[1];
    return graph.weightType(weight) == WeightEncoding.INT4.type() ? 2 * stored : stored;
  }

  /** ONNX Runtime's CPU kernels are for 32-bit floats; others multiply in the weight's own type. */
  private Value half(Value x, String weight, DataType type) {
    if (graph.dialect() == Dialect.ORT) {
      return ops.gemm(x, graph.weight(weight));
    }
    return ops.toFloat(ops.gemm(ops.cast(x, type), graph.stored(weight)));
  }

  /** Rounds the inputs and goes on in floats. */
  private Value int8(Value x, String weight) {
    Value scale = scaleOfRows(x);
    Value rounded = ops.multiply(ops.round(ops.divide(x, scale)), scale);
    Value decoded =
        graph.node(
            "DequantizeLinear",
            List.of(graph.stored(weight), graph.stored(WeightEncoding.scaleKey(weight))),
            OnnxAttribute.of("axis", 0));
    return ops.gemm(rounded, decoded);
  }

  /**
   * Multiplies integers. The inputs are shifted to be unsigned: for them, and not for signed ones,
   * the engine has fast kernels. It transposes the weights when it loads them.
   */
  ScaledRows int8Fused(Value x, String weight) {
    Value scale = scaleOfRowsFused(x);
    Value products =
        graph.ortNode(
            "MatMulIntegerToFloat",
            List.of(
                shifted(x, scale),
                ops.transpose(graph.stored(weight), 1, 0),
                graph.scalar(1),
                graph.stored(WeightEncoding.scaleKey(weight)),
                graph.unsignedByte(ZERO_POINT),
                // An option of the engine replaces it, and fails where it is left out or shared.
                graph.ownSignedByte(0)));
    return new ScaledRows(products, scale);
  }

  /**
   * Results before each row is multiplied by its scale.
   *
   * @param products [N, out]
   * @param scale [N, 1], of the rounded inputs
   */
  record ScaledRows(Value products, Value scale) {

    Value result(OnnxOps ops) {
      return ops.multiply(products, scale);
    }
  }

  /** x / scale, rounded, + 128, in unsigned bytes. */
  private Value shifted(Value x, Value scale) {
    Value scales = ops.squeeze(scale, -1);
    Value zeroPoints =
        graph.node("Expand", List.of(graph.unsignedByte(ZERO_POINT), ops.shape(x, 0, 1)));
    return graph.node(
        "QuantizeLinear", List.of(x, scales, zeroPoints), OnnxAttribute.of("axis", 0));
  }

  /** As {@link #scaleOfRows}; two reductions are faster than the absolute values of all. */
  private Value scaleOfRowsFused(Value x) {
    Value least = graph.node("ReduceMin", List.of(x, graph.integers(-1)));
    Value largest = graph.node("ReduceMax", List.of(x, graph.integers(-1)));
    return scale(ops.maximum(largest, graph.node("Neg", List.of(least))));
  }

  /** [N, 1]. */
  private Value scaleOfRows(Value x) {
    return scale(graph.node("ReduceMax", List.of(ops.absolute(x), graph.integers(-1))));
  }

  private Value scale(Value largest) {
    return ops.maximum(
        ops.divide(largest, graph.scalar(Int8Row.LARGEST)), graph.scalar(SMALLEST_SCALE));
  }

  private Value int4(Value x, String weight) {
    Value decoded =
        graph.node(
            "DequantizeLinear",
            List.of(
                graph.stored(weight, DataType.INT4, outputs(weight), inputs(weight)),
                graph.stored(WeightEncoding.scaleKey(weight))),
            OnnxAttribute.of("axis", 1),
            OnnxAttribute.of("block_size", Int4Block.LENGTH));
    return ops.gemm(x, decoded);
  }

  /** The engine wants its integers without sign; it turns them round when it loads them. */
  private Value int4Fused(Value x, String weight) {
    long blocks = inputs(weight) / Int4Block.LENGTH;
    Value packed =
        graph.stored(weight, DataType.UINT8, outputs(weight), blocks, Int4Block.LENGTH / 2);
    Value unsigned = graph.node("BitwiseXor", List.of(packed, graph.unsignedByte(SIGNS_OF_BOTH)));
    return graph.ortNode(
        "MatMulNBits",
        List.of(x, unsigned, graph.stored(WeightEncoding.scaleKey(weight))),
        OnnxAttribute.of("K", inputs(weight)),
        OnnxAttribute.of("N", outputs(weight)),
        OnnxAttribute.of("bits", 4),
        OnnxAttribute.of("block_size", Int4Block.LENGTH),
        OnnxAttribute.of("accuracy_level", ACCURACY_INT8));
  }

  private long outputs(String weight) {
    return graph.weightShape(weight)[0];
  }
}
