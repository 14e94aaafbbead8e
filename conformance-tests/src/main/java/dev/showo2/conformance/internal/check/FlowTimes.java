package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Times beyond the ends of the flow, and several times in one call. */
final class FlowTimes {

  private FlowTimes() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.H02, "times-outside-range", FlowTimes::outside, Stage.TIME_EMBEDDING),
        Check.of(Rule.H11, "times-of-a-batch", FlowTimes::batch, Stage.TIME_EMBEDDING));
  }

  private static void outside(CheckContext trial, Checks checks) {
    for (float[] pair : new float[][] {{1.03f, 1}, {-0.02f, 0}}) {
      Embedded outside = Embedded.of(trial.backend(), pair[0]);
      Embedded expected = Embedded.of(trial.oracle().get().backend(), pair[0]);
      checks.hint(
          "look for a clamp of the time to 0 … 1, or for a table of times; the last step of"
              + " dopri5 asks for times above 1");
      checks.holds(
          "time " + pair[0],
          !outside.equals(Embedded.of(trial.backend(), pair[1])),
          "gives what time " + pair[1] + " gives");
      checks.stage("vector of time " + pair[0], outside.vectors(), expected.vectors());
      checks.stage("token of time " + pair[0], outside.tokens(), expected.tokens());
    }
  }

  private static void batch(CheckContext trial, Checks checks) {
    float[] times = {0.1f, 0.9f, 0.5f};
    Embedded all = Embedded.of(trial.backend(), times);
    checks.hint("look at the time embedding: each row of a batch has a time of its own");
    for (int row = 0; row < times.length; row++) {
      Embedded alone = Embedded.of(trial.backend(), times[row]);
      checks.pieces("vector of row " + row, row(all.vectors(), row), alone.vectors());
      checks.pieces("token of row " + row, row(all.tokens(), row), alone.tokens());
    }
  }

  private static HostTensor row(HostTensor batch, int row) {
    return HostTensors.slice(batch, 0, row, 1);
  }

  /** Vectors [B, H] and tokens [B, 1, D]. */
  private record Embedded(HostTensor vectors, HostTensor tokens) {

    static Embedded of(Backend backend, float... times) {
      try (TimeFeatures features = backend.timeEmbedding().embed(new TimeEmbeddingRequest(times))) {
        return new Embedded(features.vector().toHost(), features.token().toHost());
      }
    }
  }
}
