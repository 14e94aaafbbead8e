package dev.showo2.conformance.fault;

import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;

/** Hands everything on to a right backbone; a fault overrides what it gets wrong. */
class BackboneAround implements Backbone {

  private final Backbone right;

  BackboneAround(Backbone right) {
    this.right = right;
  }

  /** What becomes of a request. */
  BackboneRequest asked(BackboneRequest request) {
    return request;
  }

  /** What becomes of hidden states, which are the callee's to close. */
  Tensor given(Tensor hidden) {
    return hidden;
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return right.newCache(request);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return given(right.append(asked(request)));
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return given(right.evaluate(asked(request)));
  }
}
