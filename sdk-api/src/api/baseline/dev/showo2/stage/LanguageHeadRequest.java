package dev.showo2.stage;

public record LanguageHeadRequest(dev.showo2.tensor.Tensor hidden, boolean lastOnly) {
  public static LanguageHeadRequest last(dev.showo2.tensor.Tensor hidden) { throw null; }
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
