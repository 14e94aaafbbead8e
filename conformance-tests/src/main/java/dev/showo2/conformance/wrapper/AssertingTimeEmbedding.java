package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;

/** Times to vectors [B, H] and tokens [B, 1, D]. */
record AssertingTimeEmbedding(Watch watch, TimeEmbedding real) implements TimeEmbedding {

  @Override
  public TimeFeatures embed(TimeEmbeddingRequest request) {
    try (Call call = watch.begin("TimeEmbedding.embed")) {
      call.requirePresent("request", request);
      Architecture architecture = watch.architecture();
      int batch = request.times().length;
      TimeFeatures features = call.run(() -> real.embed(request));
      return call.done(
          new TimeFeatures(
              call.given(
                  "a vector", features.vector(), batch, architecture.flowHead().hiddenSize()),
              call.given(
                  "a token", features.token(), batch, 1, architecture.backbone().hiddenSize())));
    }
  }
}
