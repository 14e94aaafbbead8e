package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Calls of the backbone and the two heads after a short text, one for each tensor that they take.
 */
final class TransformerCalls {

  private static final int PAST = 2;
  private static final int LENGTH = 3;

  private final long width;
  private final long headWidth;

  private TransformerCalls(Architecture architecture) {
    width = architecture.backbone().hiddenSize();
    headWidth = architecture.flowHead().hiddenSize();
  }

  static List<TensorCall> of(Architecture architecture) {
    TransformerCalls calls = new TransformerCalls(architecture);
    return List.of(
        calls.segment("Backbone.append embeddings", Attention.CAUSAL, Backbone::append),
        calls.secondPart(),
        calls.segment("Backbone.evaluate embeddings", Attention.FULL, Backbone::evaluate),
        calls.logits(),
        calls.appendToHead(),
        calls.velocity(),
        calls.time());
  }

  private Shape segment() {
    return Shape.of(1, LENGTH, width);
  }

  /** A segment of one part after the text. */
  private TensorCall segment(
      String name, Attention attention, BiFunction<Backbone, BackboneRequest, Tensor> call) {
    return new TensorCall(
        name,
        Stage.BACKBONE,
        segment(),
        TensorCall.misshapenNear(segment(), 2),
        (backend, held) -> {
          KvCache cache = afterText(backend, held);
          return x ->
              List.of(
                  call.apply(backend.backbone(), BackboneRequest.of(cache, List.of(x), attention)));
        });
  }

  private TensorCall secondPart() {
    return new TensorCall(
        "Backbone.append second part",
        Stage.BACKBONE,
        segment(),
        TensorCall.misshapenNear(segment(), 0, 2),
        (backend, held) -> {
          KvCache cache = afterText(backend, held);
          Tensor first = held.add(backend.upload(Inputs.normal(2, 1, 1, width)));
          return x ->
              List.of(
                  backend
                      .backbone()
                      .append(BackboneRequest.of(cache, List.of(first, x), Attention.FULL)));
        });
  }

  private TensorCall logits() {
    return new TensorCall(
        "LanguageHead.logits hidden",
        Stage.LANGUAGE_HEAD,
        segment(),
        TensorCall.misshapenNear(segment(), 2),
        (backend, held) ->
            x -> List.of(backend.languageHead().logits(LanguageHeadRequest.of(x, false))));
  }

  /** What was appended shows in the velocities of a span behind it. */
  private TensorCall appendToHead() {
    return new TensorCall(
        "FlowHead.append hidden",
        Stage.FLOW_HEAD,
        segment(),
        TensorCall.misshapenNear(segment(), 2),
        (backend, held) -> {
          KvCache cache = afterHeadText(backend, held);
          Tensor span = span(backend, held);
          Tensor time = time(backend, held);
          return x -> {
            backend.flowHead().append(FlowHeadRequest.text(cache, x));
            return List.of(backend.flowHead().velocity(FlowHeadRequest.span(cache, span, time)));
          };
        });
  }

  private TensorCall velocity() {
    List<Shape> misshapen = new ArrayList<>(TensorCall.misshapenNear(segment(), 2));
    // A time token alone.
    misshapen.add(Shape.of(1, 1, width));
    return new TensorCall(
        "FlowHead.velocity hidden",
        Stage.FLOW_HEAD,
        segment(),
        misshapen,
        (backend, held) -> {
          KvCache cache = afterHeadText(backend, held);
          Tensor time = time(backend, held);
          return x -> List.of(backend.flowHead().velocity(FlowHeadRequest.span(cache, x, time)));
        });
  }

  private TensorCall time() {
    Shape vector = Shape.of(1, headWidth);
    return new TensorCall(
        "FlowHead.velocity time",
        Stage.FLOW_HEAD,
        vector,
        TensorCall.misshapenNear(vector, 0, 1),
        (backend, held) -> {
          KvCache cache = afterHeadText(backend, held);
          Tensor span = span(backend, held);
          return x -> List.of(backend.flowHead().velocity(FlowHeadRequest.span(cache, span, x)));
        });
  }

  private Tensor span(Backend backend, ResourceScope held) {
    return held.add(backend.upload(Inputs.normal(3, 1, LENGTH, width)));
  }

  private Tensor time(Backend backend, ResourceScope held) {
    return held.add(backend.upload(Inputs.normal(4, 1, headWidth)));
  }

  private KvCache afterText(Backend backend, ResourceScope held) {
    KvCache cache = held.add(backend.backbone().newCache(CacheRequest.of(1)));
    Tensor text = held.add(backend.upload(Inputs.normal(1, 1, PAST, width)));
    backend.backbone().append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL)).close();
    return cache;
  }

  private KvCache afterHeadText(Backend backend, ResourceScope held) {
    KvCache cache = held.add(backend.flowHead().newCache(CacheRequest.of(1)));
    Tensor text = held.add(backend.upload(Inputs.normal(1, 1, PAST, width)));
    backend.flowHead().append(FlowHeadRequest.text(cache, text));
    return cache;
  }
}
