package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Finished images, each at a time of its own, before the image being made. */
final class FlowImages {

  private static final int BATCH = 2;

  private FlowImages() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.H04, "images-at-times-of-their-own", FlowImages::images, Stage.FLOW_HEAD));
  }

  private static void images(CheckContext trial, Checks checks) {
    checks.hint(
        "look at append() with a time: each finished image keeps the time vector that it came"
            + " with, row by row, whatever the time of the image being made");
    for (float time : List.of(0.1f, 0.8f)) {
      Oracle.stage(
          trial, checks, "velocity at time " + time, backend -> velocity(trial, backend, time));
    }
  }

  private static HostTensor velocity(CheckContext trial, Backend backend, float time) {
    HostTensor own = Inputs.timeVectors(trial, time, time);
    try (FlowSequence sequence = FlowSequence.open(backend, own)) {
      sequence.text(Inputs.positions(trial, 1, BATCH, 3));
      sequence.image(Inputs.positions(trial, 2, BATCH, 5), Inputs.timeVectors(trial, 1, 0.6f));
      sequence.text(Inputs.positions(trial, 3, BATCH, 1));
      sequence.image(Inputs.positions(trial, 4, BATCH, 3), Inputs.timeVectors(trial, 0, 1));
      return sequence.span(Inputs.positions(trial, 5, BATCH, 5));
    }
  }
}
