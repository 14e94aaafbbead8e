package dev.showo2.export.internal.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.showo2.tensor.ElementType;
import org.apiguardian.api.API;

/** Element types of graphs with their numbers in ONNX. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum DataType {
  FLOAT32(TensorProto.DataType.FLOAT, 32),
  FLOAT16(TensorProto.DataType.FLOAT16, 16),
  BFLOAT16(TensorProto.DataType.BFLOAT16, 16),
  INT64(TensorProto.DataType.INT64, 64),
  INT32(TensorProto.DataType.INT32, 32),
  INT8(TensorProto.DataType.INT8, 8),
  UINT8(TensorProto.DataType.UINT8, 8),
  /** Two in a byte, the first in the lower half. */
  INT4(TensorProto.DataType.INT4, 4),
  BOOL(TensorProto.DataType.BOOL, 8);

  private final TensorProto.DataType onnx;
  private final int bits;

  DataType(TensorProto.DataType onnx, int bits) {
    this.onnx = onnx;
    this.bits = bits;
  }

  public int onnx() {
    return onnx.getNumber();
  }

  /** Bytes of so many elements; half a byte counts as one. */
  long byteLength(long elements) {
    return (elements * bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  static DataType of(ElementType type) {
    return switch (type) {
      case FLOAT32 -> FLOAT32;
      case FLOAT16 -> FLOAT16;
      case BFLOAT16 -> BFLOAT16;
      case INT8 -> INT8;
      case UINT8 -> UINT8;
      default -> throw new IllegalArgumentException("graphs take no weights of " + type);
    };
  }
}
