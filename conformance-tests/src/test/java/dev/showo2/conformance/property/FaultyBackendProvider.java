package dev.showo2.conformance.property;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.support.ForwardingBackbone;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.TensorChanges;

/** A right backend whose backbone doubles what it appends with full attention. */
record FaultyBackendProvider(BackendProvider right) implements BackendProvider {

  @Override
  public String id() {
    return "wrong";
  }

  @Override
  public BackendInfo info() {
    return right.info();
  }

  @Override
  public Availability probe() {
    return right.probe();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return new ForwardingBackend(right.open(bundle, config)) {
      @Override
      public Backbone backbone() {
        return new WrongBackbone(super.backbone(), this);
      }
    };
  }

  private static final class WrongBackbone extends ForwardingBackbone {

    private final Backend backend;

    WrongBackbone(Backbone right, Backend backend) {
      super(right);
      this.backend = backend;
    }

    @Override
    public Tensor append(BackboneRequest request) {
      Tensor right = super.append(request);
      if (request.attention() == Attention.CAUSAL) {
        return right;
      }
      try (right) {
        return backend.upload(TensorChanges.scaled(2).apply(right.toHost()));
      }
    }
  }
}
