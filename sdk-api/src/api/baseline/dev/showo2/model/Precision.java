package dev.showo2.model;

public enum Precision {
  FP32, FP16, BF16, INT8, INT4;
  public String id() { throw null; }
  public static Precision of(String id) { throw null; }
}
