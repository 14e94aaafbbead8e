package dev.showo2.conformance.fault;

import dev.showo2.spi.Backend;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Optional;

/** Gives text a time vector of zeros, where it should have none. */
final class TextModulated extends BackendAround {

  private final int width;

  /**
   * @param width of a time vector
   */
  TextModulated(Backend right, int width) {
    super(right);
    this.width = width;
  }

  @Override
  public FlowHead flowHead() {
    FlowHead right = super.flowHead();
    return new FlowHeadAround(right) {
      @Override
      public void append(FlowHeadRequest request) {
        if (request.time().isPresent()) {
          right.append(request);
          return;
        }
        HostTensor zeros = HostTensor.zeros(Shape.of(request.cache().batch(), width));
        try (Tensor time = upload(zeros)) {
          right.append(
              new FlowHeadRequest(
                  request.cache(), request.hidden(), request.attention(), Optional.of(time)));
        }
      }
    };
  }
}
