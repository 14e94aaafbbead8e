package dev.showo2.tensor;

import org.apiguardian.api.API;

/** The type of a tensor's elements, with its name in safetensors headers. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum ElementType {
  /** IEEE 754 double precision. */
  FLOAT64("F64", 8),
  /** IEEE 754 single precision. */
  FLOAT32("F32", 4),
  /** IEEE 754 half precision. */
  FLOAT16("F16", 2),
  /** The upper half of a single-precision float: 8 bits of exponent, 7 of mantissa. */
  BFLOAT16("BF16", 2),
  /** Signed 64-bit integers. */
  INT64("I64", 8),
  /** Signed 32-bit integers. */
  INT32("I32", 4),
  /** Signed 16-bit integers. */
  INT16("I16", 2),
  /** Signed 8-bit integers. */
  INT8("I8", 1),
  /** Unsigned 8-bit integers. */
  UINT8("U8", 1),
  /** Truth values, one byte each: 0 or 1. */
  BOOL("BOOL", 1);

  private final String safetensorsName;
  private final int byteSize;

  ElementType(String safetensorsName, int byteSize) {
    this.safetensorsName = safetensorsName;
    this.byteSize = byteSize;
  }

  /** {@return the name in safetensors headers, such as {@code F32}} */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** {@return the number of bytes per element} */
  public int byteSize() {
    return byteSize;
  }

  /**
   * Finds the type with a name.
   *
   * @param name as safetensors headers spell it, such as {@code F32}
   * @return the type
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
