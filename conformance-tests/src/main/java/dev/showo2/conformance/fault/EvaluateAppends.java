package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.tensor.Tensor;

/** Keeps what should be forgotten. */
final class EvaluateAppends extends BackendAround {

  EvaluateAppends(Backend right) {
    super(right);
  }

  @Override
  public Backbone backbone() {
    return new BackboneAround(super.backbone()) {
      @Override
      public Tensor evaluate(BackboneRequest request) {
        return append(request);
      }
    };
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHeadAround(super.flowHead()) {
      @Override
      public Tensor velocity(FlowHeadRequest request) {
        Tensor velocity = super.velocity(request);
        try {
          append(request);
          return velocity;
        } catch (RuntimeException | Error e) {
          velocity.close();
          throw e;
        }
      }
    };
  }
}
