package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;

/** Knows one kind of attention and takes every segment for it. */
final class OneAttention extends BackendAround {

  private final Attention attention;

  OneAttention(Backend right, Attention attention) {
    super(right);
    this.attention = attention;
  }

  @Override
  public Backbone backbone() {
    return new BackboneAround(super.backbone()) {
      @Override
      BackboneRequest asked(BackboneRequest request) {
        return new BackboneRequest(request.cache(), request.embeddings(), attention);
      }
    };
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHeadAround(super.flowHead()) {
      @Override
      FlowHeadRequest asked(FlowHeadRequest request) {
        return new FlowHeadRequest(request.cache(), request.hidden(), attention, request.time());
      }
    };
  }
}
