package dev.showo2.backend.onnx;

import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

/**
 * @param width of hidden states, D
 * @param timeWidth of time vectors, H
 */
record OnnxFlowHead(CachedTransformer transformer, Lifetime lifetime, int width, int timeWidth)
    implements FlowHead {

  @Override
  public KvCache newCache(CacheRequest request) {
    return transformer.newCache(request);
  }

  @Override
  public void append(FlowHeadRequest request) {
    lifetime.whileOpen(
        () -> {
          try (OnnxCall call = call(request)) {
            return transformer.append(call, request.cache(), length(request), null);
          }
        });
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return lifetime.whileOpen(
        () -> {
          try (OnnxCall call = call(request)) {
            if (length(request) < 2) {
              throw new IllegalArgumentException(
                  "hidden: a time token and at least one image token are needed, found "
                      + request.hidden().shape());
            }
            return call.runForTensor("velocity");
          }
        });
  }

  private OnnxCall call(FlowHeadRequest request) {
    long batch =
        TensorShapes.require(
                request.hidden(),
                "hidden [B, S, " + width + "]",
                TensorShapes.ANY,
                TensorShapes.ANY,
                width)
            .dimension(0);
    request
        .time()
        .ifPresent(
            time ->
                TensorShapes.require(
                    time, "time [" + batch + ", " + timeWidth + "]", batch, timeWidth));
    OnnxCall call = transformer.call(request.cache(), batch, length(request), request.attention());
    try {
      call.input("hidden", request.hidden());
      call.bool("modulated", request.time().isPresent());
      if (request.time().isPresent()) {
        return call.input("time", request.time().get());
      }
      // Not looked at, but the graph wants an input of the right shape.
      return call.floats("time", new float[Math.toIntExact(batch * timeWidth)], batch, timeWidth);
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
  }

  private static int length(FlowHeadRequest request) {
    return Math.toIntExact(request.hidden().shape().dimension(1));
  }
}
