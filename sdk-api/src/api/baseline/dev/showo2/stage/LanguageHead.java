package dev.showo2.stage;

public interface LanguageHead {
  public abstract dev.showo2.tensor.Tensor logits(LanguageHeadRequest request);
}
