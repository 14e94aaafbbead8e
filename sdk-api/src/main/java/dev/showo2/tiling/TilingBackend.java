package dev.showo2.tiling;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;

/** Another backend with a tiled VAE. */
final class TilingBackend extends ForwardingBackend {

  private final Tiling tiling;

  TilingBackend(Backend delegate, Tiling tiling) {
    super(delegate);
    this.tiling = tiling;
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return new TiledVaeEncoder(delegate, delegate.vaeEncoder(), tiling);
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return new TiledVaeDecoder(delegate, delegate.vaeDecoder(), tiling);
  }
}
