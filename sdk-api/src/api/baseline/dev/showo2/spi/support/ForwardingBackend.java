package dev.showo2.spi.support;

public abstract class ForwardingBackend implements dev.showo2.spi.Backend {
  protected final dev.showo2.spi.Backend delegate = null;
  protected ForwardingBackend(dev.showo2.spi.Backend delegate) { super(); throw null; }
  protected final dev.showo2.stage.DenoiseStep composedDenoiseStep() { throw null; }
  public dev.showo2.spi.Capabilities capabilities() { throw null; }
  public dev.showo2.stage.TextEmbedding textEmbedding() { throw null; }
  public dev.showo2.stage.TimeEmbedding timeEmbedding() { throw null; }
  public dev.showo2.stage.Fusion fusion() { throw null; }
  public dev.showo2.stage.Backbone backbone() { throw null; }
  public dev.showo2.stage.LanguageHead languageHead() { throw null; }
  public dev.showo2.stage.FlowHead flowHead() { throw null; }
  public dev.showo2.stage.VaeEncoder vaeEncoder() { throw null; }
  public dev.showo2.stage.VaeDecoder vaeDecoder() { throw null; }
  public dev.showo2.stage.DenoiseStep denoiseStep() { throw null; }
  public dev.showo2.tensor.Tensor upload(java.nio.FloatBuffer values, dev.showo2.tensor.Shape shape) { throw null; }
  public dev.showo2.tensor.Tensor upload(dev.showo2.tensor.HostTensor tensor) { throw null; }
  public void close() { throw null; }
  public String toString() { throw null; }
}
