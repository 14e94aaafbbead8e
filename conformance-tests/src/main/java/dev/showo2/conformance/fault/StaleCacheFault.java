package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Gives the last result again where the input is the same, and overlooks the cache. */
final class StaleCacheFault extends BackendAround {

  private final LastResult hidden = new LastResult();
  private final LastResult velocity = new LastResult();

  StaleCacheFault(Backend right) {
    super(right);
  }

  @Override
  public Backbone backbone() {
    return new BackboneAround(super.backbone()) {
      @Override
      public Tensor evaluate(BackboneRequest request) {
        return hidden.get(request.embeddings().stream(), () -> super.evaluate(request));
      }
    };
  }

  @Override
  public FlowHead flowHead() {
    return new FlowHeadAround(super.flowHead()) {
      @Override
      public Tensor velocity(FlowHeadRequest request) {
        Stream<Tensor> inputs = Stream.concat(Stream.of(request.hidden()), request.time().stream());
        return velocity.get(inputs, () -> super.velocity(request));
      }
    };
  }

  /** One result and the inputs that it was computed from. */
  private final class LastResult {

    private List<HostTensor> inputs = List.of();
    private HostTensor result;

    synchronized Tensor get(Stream<Tensor> tensors, Supplier<Tensor> computation) {
      List<HostTensor> now = tensors.map(Tensor::toHost).toList();
      if (!now.equals(inputs)) {
        try (Tensor computed = computation.get()) {
          result = computed.toHost();
          inputs = now;
        }
      }
      return upload(result);
    }
  }
}
