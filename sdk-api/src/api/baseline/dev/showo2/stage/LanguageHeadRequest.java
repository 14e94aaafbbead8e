package dev.showo2.stage;

public final class LanguageHeadRequest {
  LanguageHeadRequest() { super(); throw null; }
  public static LanguageHeadRequest of(dev.showo2.tensor.Tensor hidden, boolean lastOnly) { throw null; }
  public static LanguageHeadRequest last(dev.showo2.tensor.Tensor hidden) { throw null; }
  public dev.showo2.tensor.Tensor hidden() { throw null; }
  public boolean lastOnly() { throw null; }
}
