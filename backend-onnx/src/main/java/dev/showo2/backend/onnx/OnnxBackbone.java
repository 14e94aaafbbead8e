package dev.showo2.backend.onnx;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxBackbone(CachedTransformer transformer, Lifetime lifetime, int width)
    implements Backbone {

  private static final String HIDDEN = "hidden";

  @Override
  public KvCache newCache(CacheRequest request) {
    return transformer.newCache(request);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return lifetime.whileOpen(
        () -> {
          try (OnnxCall call = call(request)) {
            NativeValue hidden = transformer.append(call, request.cache(), length(request), HIDDEN);
            return new OnnxValueTensor(hidden, lifetime);
          }
        });
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return lifetime.whileOpen(
        () -> {
          try (OnnxCall call = call(request)) {
            return call.runForTensor(HIDDEN);
          }
        });
  }

  private OnnxCall call(BackboneRequest request) {
    String what = "embeddings [B, S, " + width + "] of one batch";
    long batch =
        TensorShapes.require(
                request.embeddings().get(0), what, TensorShapes.ANY, TensorShapes.ANY, width)
            .dimension(0);
    request
        .embeddings()
        .forEach(part -> TensorShapes.require(part, what, batch, TensorShapes.ANY, width));
    List<NativeValue> parts =
        request.embeddings().stream().map(part -> OnnxValueTensor.of(part, lifetime)).toList();
    OnnxCall call = transformer.call(request.cache(), batch, length(request), request.attention());
    try {
      return call.joined("embeddings", parts);
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
  }

  private static int length(BackboneRequest request) {
    return Math.toIntExact(
        request.embeddings().stream().mapToLong(part -> part.shape().dimension(1)).sum());
  }
}
