package dev.showo2.spi.support;

public abstract class AbstractBackend implements dev.showo2.spi.Backend {
  protected AbstractBackend(BackendLifetime lifetime, dev.showo2.spi.Capabilities capabilities) { super(); throw null; }
  protected abstract dev.showo2.tensor.Tensor copyOf(java.nio.FloatBuffer values, dev.showo2.tensor.Shape shape);
  protected abstract void release();
  public final BackendLifetime lifetime() { throw null; }
  protected dev.showo2.error.UnsupportedFeatureException missing(dev.showo2.stage.Stage stage) { throw null; }
  public final dev.showo2.spi.Capabilities capabilities() { throw null; }
  public dev.showo2.stage.TextEmbedding textEmbedding() { throw null; }
  public dev.showo2.stage.TimeEmbedding timeEmbedding() { throw null; }
  public dev.showo2.stage.Fusion fusion() { throw null; }
  public dev.showo2.stage.Backbone backbone() { throw null; }
  public dev.showo2.stage.LanguageHead languageHead() { throw null; }
  public dev.showo2.stage.FlowHead flowHead() { throw null; }
  public dev.showo2.stage.VaeEncoder vaeEncoder() { throw null; }
  public dev.showo2.stage.VaeDecoder vaeDecoder() { throw null; }
  public final dev.showo2.tensor.Tensor upload(java.nio.FloatBuffer values, dev.showo2.tensor.Shape shape) { throw null; }
  public final void close() { throw null; }
}
