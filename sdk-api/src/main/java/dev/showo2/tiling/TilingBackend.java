package dev.showo2.tiling;

import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** Another backend with a tiled VAE. */
record TilingBackend(Backend backend, Tiling tiling) implements Backend {

  @Override
  public VaeEncoder vaeEncoder() {
    return new TiledVaeEncoder(backend, backend.vaeEncoder(), tiling);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return new TiledVaeDecoder(backend, backend.vaeDecoder(), tiling);
  }

  @Override
  public Capabilities capabilities() {
    return backend.capabilities();
  }

  @Override
  public TextEmbedding textEmbedding() {
    return backend.textEmbedding();
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return backend.timeEmbedding();
  }

  @Override
  public Fusion fusion() {
    return backend.fusion();
  }

  @Override
  public Backbone backbone() {
    return backend.backbone();
  }

  @Override
  public LanguageHead languageHead() {
    return backend.languageHead();
  }

  @Override
  public FlowHead flowHead() {
    return backend.flowHead();
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    return backend.upload(values, shape);
  }

  @Override
  public void close() {
    backend.close();
  }
}
