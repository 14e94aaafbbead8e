package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;

/** Rows of a batch that get to know of each other. */
final class BatchFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "first-row-for-all",
              "every row of a batch has the values of the first",
              "the batch axis: strides of inputs, outputs and caches, and batches taken for 1",
              EnumSet.complementOf(EnumSet.of(Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING)),
              outside(FirstRowForAll::new)));

  private BatchFaults() {}
}
