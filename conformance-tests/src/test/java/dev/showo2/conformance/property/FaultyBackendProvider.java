package dev.showo2.conformance.property;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

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
    Backend backend = right.open(bundle, config);
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("backbone")) {
                return new WrongBackbone(backend);
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private record WrongBackbone(Backend backend) implements Backbone {

    @Override
    public KvCache newCache(CacheRequest request) {
      return backend.backbone().newCache(request);
    }

    @Override
    public Tensor evaluate(BackboneRequest request) {
      return backend.backbone().evaluate(request);
    }

    @Override
    public Tensor append(BackboneRequest request) {
      Tensor right = backend.backbone().append(request);
      if (request.attention() == Attention.CAUSAL) {
        return right;
      }
      try (right) {
        HostTensor values = right.toHost();
        for (int i = 0; i < values.values().length; i++) {
          values.values()[i] *= 2;
        }
        return backend.upload(values);
      }
    }
  }
}
