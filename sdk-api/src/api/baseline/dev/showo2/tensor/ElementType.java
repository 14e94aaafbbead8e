package dev.showo2.tensor;

public enum ElementType {
  FLOAT64, FLOAT32, FLOAT16, BFLOAT16, INT64, INT32, INT16, INT8, UINT8, BOOL;
  public String safetensorsName() { throw null; }
  public int byteSize() { throw null; }
  public static ElementType ofSafetensorsName(String name) { throw null; }
}
