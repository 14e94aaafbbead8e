package dev.showo2.backend.onnx;

import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

record OnnxFlowHead(CachedTransformer transformer, Lifetime lifetime, int hiddenSize)
    implements FlowHead {

  @Override
  public KvCache newCache(int batch) {
    return transformer.newCache(batch);
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
            return call.runForTensor("velocity");
          }
        });
  }

  private OnnxCall call(FlowHeadRequest request) {
    long batch = request.hidden().shape().dimension(0);
    OnnxCall call = transformer.call(request.cache(), batch, length(request), request.attention());
    try {
      call.input("hidden", request.hidden());
      call.bool("modulated", request.time().isPresent());
      if (request.time().isPresent()) {
        return call.input("time", request.time().get());
      }
      // Not looked at, but the graph wants an input of the right shape.
      return call.floats("time", new float[Math.toIntExact(batch * hiddenSize)], batch, hiddenSize);
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
  }

  private static int length(FlowHeadRequest request) {
    return Math.toIntExact(request.hidden().shape().dimension(1));
  }
}
