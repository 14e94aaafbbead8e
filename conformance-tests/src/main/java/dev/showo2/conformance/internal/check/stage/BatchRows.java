package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.tensor.HostTensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Batches taken apart. */
final class BatchRows {

  private BatchRows() {}

  /** Compares the result of a stage for a batch with its results for each row alone. */
  static void compare(Checks checks, HostTensor batch, UnaryOperator<HostTensor> stage) {
    List<HostTensor> alone =
        IntStream.range(0, Math.toIntExact(batch.shape().dimension(0)))
            .mapToObj(row -> stage.apply(HostTensors.slice(batch, 0, row, 1)))
            .toList();
    checks.compare("rows", stage.apply(batch), HostTensors.join(alone, 0), Within.PIECES);
  }
}
