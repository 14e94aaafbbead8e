package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** The two stages with a KV cache, whose caches keep the same rules. */
enum Transformer {
  BACKBONE(Stage.BACKBONE) {
    @Override
    CachedSequence open(CheckContext context, int row, int batch) {
      return BackboneSequence.open(context.backend(), batch);
    }

    @Override
    List<HostTensor> spans(List<CachedSequence> sequences, List<HostTensor> positions) {
      return BackboneSequence.evaluateAll(sequences, positions);
    }
  },

  FLOW_HEAD(Stage.FLOW_HEAD) {
    @Override
    CachedSequence open(CheckContext context, int row, int batch) {
      long width = context.bundle().architecture().flowHead().hiddenSize();
      HostTensor times = Inputs.normal(TIMES, ROWS, width);
      return FlowHeadSequence.open(context.backend(), HostTensors.slice(times, 0, row, batch));
    }

    @Override
    List<HostTensor> spans(List<CachedSequence> sequences, List<HostTensor> positions) {
      return FlowHeadSequence.velocityAll(sequences, positions);
    }
  };

  /** An experiment on the caches of either transformer. */
  @FunctionalInterface
  interface CacheExperiment {
    void run(Transformer transformer, CheckContext context, Checks checks);
  }

  /** The largest batch that experiments use. */
  static final int ROWS = 3;

  private static final long TIMES = 90;

  private final Stage stage;

  Transformer(Stage stage) {
    this.stage = stage;
  }

  /**
   * An empty sequence on the backend under test.
   *
   * @param row of the experiment's inputs that its first row is; in the flow head each of {@link
   *     #ROWS} has a time of its own
   */
  abstract CachedSequence open(CheckContext context, int row, int batch);

  /**
   * Looks at the spans of several sequences in one call.
   *
   * @param sequences opened by this transformer on one backend
   * @param positions one span for each
   */
  abstract List<HostTensor> spans(List<CachedSequence> sequences, List<HostTensor> positions);

  CachedSequence open(CheckContext context) {
    return open(context, 0, 1);
  }

  /** What becomes of a span after texts and nothing else. */
  HostTensor spanAfter(CheckContext context, HostTensor span, HostTensor... texts) {
    try (CachedSequence sequence = open(context)) {
      for (HostTensor text : texts) {
        sequence.text(text);
      }
      return sequence.span(span);
    }
  }

  /** The same experiment, on this transformer. */
  Check check(Rule rule, String name, CacheExperiment experiment) {
    return Check.of(rule, name, (context, checks) -> experiment.run(this, context, checks), stage);
  }
}
