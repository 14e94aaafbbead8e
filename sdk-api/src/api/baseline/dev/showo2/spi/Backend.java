package dev.showo2.spi;

public interface Backend extends AutoCloseable {
  public abstract Capabilities capabilities();
  public abstract dev.showo2.stage.TextEmbedding textEmbedding();
  public abstract dev.showo2.stage.TimeEmbedding timeEmbedding();
  public abstract dev.showo2.stage.Fusion fusion();
  public abstract dev.showo2.stage.Backbone backbone();
  public abstract dev.showo2.stage.LanguageHead languageHead();
  public abstract dev.showo2.stage.FlowHead flowHead();
  public abstract dev.showo2.stage.VaeEncoder vaeEncoder();
  public abstract dev.showo2.stage.VaeDecoder vaeDecoder();
  public default dev.showo2.stage.DenoiseStep denoiseStep() { throw null; }
  public abstract dev.showo2.tensor.Tensor upload(java.nio.FloatBuffer values, dev.showo2.tensor.Shape shape);
  public default dev.showo2.tensor.Tensor upload(dev.showo2.tensor.HostTensor tensor) { throw null; }
  public abstract void close();
}
