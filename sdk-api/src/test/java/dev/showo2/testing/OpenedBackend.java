package dev.showo2.testing;

import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** A backend that is open; closing it fails if tensors or caches are left. */
public interface OpenedBackend extends AutoCloseable {

  Bundle bundle();

  Backend backend();

  @Override
  void close();

  default Tensor uploadRandom(long seed, long... shape) {
    return backend().upload(Tensors.random(seed, shape));
  }

  default long hiddenSize() {
    return bundle().architecture().backbone().hiddenSize();
  }

  default KvCache backboneCache(int batch) {
    return backend().backbone().newCache(CacheRequest.of(batch));
  }

  default HostTensor append(KvCache cache, Attention attention, Tensor... parts) {
    return Tensors.take(
        backend().backbone().append(BackboneRequest.of(cache, List.of(parts), attention)));
  }

  default HostTensor evaluate(KvCache cache, Attention attention, Tensor... parts) {
    return Tensors.take(
        backend().backbone().evaluate(BackboneRequest.of(cache, List.of(parts), attention)));
  }
}
