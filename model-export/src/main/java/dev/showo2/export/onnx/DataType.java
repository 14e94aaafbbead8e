package dev.showo2.export.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.showo2.tensor.ElementType;
import org.apiguardian.api.API;

/** Element types of graphs with their numbers in ONNX. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum DataType {
  FLOAT32(TensorProto.DataType.FLOAT, Float.BYTES),
  INT64(TensorProto.DataType.INT64, Long.BYTES),
  BOOL(TensorProto.DataType.BOOL, 1);

  private final TensorProto.DataType onnx;
  private final int byteSize;

  DataType(TensorProto.DataType onnx, int byteSize) {
    this.onnx = onnx;
    this.byteSize = byteSize;
  }

  public int onnx() {
    return onnx.getNumber();
  }

  int byteSize() {
    return byteSize;
  }

  static DataType of(ElementType type) {
    if (type != ElementType.FLOAT32) {
      throw new IllegalArgumentException("graphs take weights of FLOAT32, found " + type);
    }
    return FLOAT32;
  }
}
