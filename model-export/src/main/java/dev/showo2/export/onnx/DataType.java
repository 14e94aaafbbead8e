package dev.showo2.export.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.showo2.tensor.ElementType;

/** Element types of graphs with their numbers in ONNX. */
public enum DataType {
  FLOAT32(TensorProto.DataType.FLOAT),
  INT64(TensorProto.DataType.INT64),
  BOOL(TensorProto.DataType.BOOL);

  private final TensorProto.DataType onnx;

  DataType(TensorProto.DataType onnx) {
    this.onnx = onnx;
  }

  public int onnx() {
    return onnx.getNumber();
  }

  static DataType of(ElementType type) {
    if (type != ElementType.FLOAT32) {
      throw new IllegalArgumentException("graphs take weights of FLOAT32, found " + type);
    }
    return FLOAT32;
  }
}
