package dev.showo2.model;

public record GraphFile(dev.showo2.stage.Stage stage, String part, String dialect, String file) {
  public static final String MAIN = "main";
  public static final String FIRST = "first";
  public static final String NEXT = "next";
  public static final String PORTABLE = "portable";
  public static final String ORT = "ort";
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
