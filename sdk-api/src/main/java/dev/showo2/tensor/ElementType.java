package dev.showo2.tensor;

import org.apiguardian.api.API;

/** What one element of a tensor is, with the name that safetensors headers use for it. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ElementType {
  FLOAT64("F64", 8),
  FLOAT32("F32", 4),
  FLOAT16("F16", 2),
  BFLOAT16("BF16", 2),
  INT64("I64", 8),
  INT32("I32", 4),
  INT16("I16", 2),
  INT8("I8", 1),
  UINT8("U8", 1),
  BOOL("BOOL", 1);

  private final String safetensorsName;
  private final int byteSize;

  ElementType(String safetensorsName, int byteSize) {
    this.safetensorsName = safetensorsName;
    this.byteSize = byteSize;
  }

  /** Such as {@code F32}. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** Bytes per element. */
  public int byteSize() {
    return byteSize;
  }

  /**
   * @throws IllegalArgumentException if no element type has this name
   */
  public static ElementType ofSafetensorsName(String name) {
    for (ElementType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("unknown element type '" + name + "'");
  }
}
