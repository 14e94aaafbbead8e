package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.Tensor;

/** Hidden states [B, S, D] to logits [B, S, V], or [B, 1, V]. */
record AssertingLanguageHead(Watch watch, LanguageHead real) implements LanguageHead {

  @Override
  public Tensor logits(LanguageHeadRequest request) {
    try (Call call = watch.begin("LanguageHead.logits")) {
      call.requirePresent("request", request);
      Architecture.Decoder sizes = watch.architecture().backbone();
      AssertingTensor hidden =
          call.tensor("hidden", request.hidden(), Call.ANY, Call.ANY, sizes.hiddenSize());
      Tensor logits =
          call.run(() -> real.logits(LanguageHeadRequest.of(hidden.real(), request.lastOnly())));
      return call.done(
          call.given(
              "logits",
              logits,
              hidden.dimension(0),
              request.lastOnly() ? 1 : hidden.dimension(1),
              sizes.vocabularySize()));
    }
  }
}
