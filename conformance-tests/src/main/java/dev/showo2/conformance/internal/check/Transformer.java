package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;

/** The two stages that keep what they have seen, and keep it by the same rules. */
enum Transformer {
  BACKBONE(Stage.BACKBONE) {
    @Override
    History open(CheckContext trial, int row, int batch) {
      return Sequence.open(trial.backend(), batch);
    }
  },

  FLOW_HEAD(Stage.FLOW_HEAD) {
    @Override
    History open(CheckContext trial, int row, int batch) {
      long width = trial.bundle().architecture().flowHead().hiddenSize();
      HostTensor times = Inputs.normal(TIMES, ROWS, width);
      return FlowSequence.open(trial.backend(), HostTensors.slice(times, 0, row, batch));
    }
  };

  /** The largest batch that experiments use. */
  static final int ROWS = 3;

  private static final long TIMES = 90;

  private final Stage stage;

  Transformer(Stage stage) {
    this.stage = stage;
  }

  /**
   * A history in which nothing has been seen, on the backend under test.
   *
   * @param row of the experiment's inputs that its first row stands for; in the flow head each of
   *     {@link #ROWS} has a time of its own
   */
  abstract History open(CheckContext trial, int row, int batch);

  History open(CheckContext trial) {
    return open(trial, 0, 1);
  }

  /** What becomes of a span after texts and nothing else. */
  HostTensor spanAfter(CheckContext trial, HostTensor span, HostTensor... texts) {
    try (History history = open(trial)) {
      for (HostTensor text : texts) {
        history.text(text);
      }
      return history.span(span);
    }
  }

  /** The same experiment, on this transformer. */
  Check check(Rule rule, String name, TransformerExperiment experiment) {
    return Check.of(rule, name, (trial, checks) -> experiment.run(this, trial, checks), stage);
  }
}
