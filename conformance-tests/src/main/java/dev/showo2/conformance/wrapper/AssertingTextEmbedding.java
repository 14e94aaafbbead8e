package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.Tensor;

/** Token ids within the vocabulary to embeddings [B, S, D]. */
record AssertingTextEmbedding(Watch watch, TextEmbedding real) implements TextEmbedding {

  @Override
  public Tensor embed(TextEmbeddingRequest request) {
    try (Call call = watch.begin("TextEmbedding.embed")) {
      call.requirePresent("request", request);
      Architecture.Decoder sizes = watch.architecture().backbone();
      for (int[] row : request.ids()) {
        for (int id : row) {
          call.callerOwes(
              id >= 0 && id < sizes.vocabularySize(),
              "a token id from 0 to " + (sizes.vocabularySize() - 1),
              id);
        }
      }
      Tensor embeddings = call.run(() -> real.embed(request));
      return call.done(
          call.given(
              "embeddings",
              embeddings,
              request.ids().length,
              request.ids()[0].length,
              sizes.hiddenSize()));
    }
  }
}
