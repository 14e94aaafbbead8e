package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A right backend; tests override the stage that is to be wrong. */
class Altered extends ForwardingBackend {

  Altered(Backend right) {
    super(right);
  }

  @Override
  public DenoiseStep denoiseStep() {
    return composedDenoiseStep();
  }

  /** Other values in place of a tensor, which is closed. */
  final Tensor changed(Tensor tensor, UnaryOperator<HostTensor> change) {
    try (tensor) {
      return upload(change.apply(tensor.toHost()));
    }
  }

  /** The rows of a batch, or another axis, from the last to the first. */
  static HostTensor reversed(HostTensor tensor, int axis) {
    int size = Math.toIntExact(tensor.shape().dimension(axis));
    List<HostTensor> parts =
        IntStream.range(0, size)
            .mapToObj(i -> HostTensors.slice(tensor, axis, size - 1 - i, 1))
            .toList();
    return HostTensors.join(parts, axis);
  }

  static HostTensor clamped(HostTensor tensor, float least, float most) {
    float[] values = tensor.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(least, Math.min(most, values[i]));
    }
    return new HostTensor(tensor.shape(), values);
  }
}
