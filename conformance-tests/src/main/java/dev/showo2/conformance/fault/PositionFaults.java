package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;

import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture.RopeScaling;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Rotary positions of backbone and flow head. */
final class PositionFaults {

  private static final Set<Stage> TRANSFORMERS = EnumSet.of(Stage.BACKBONE, Stage.FLOW_HEAD);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "positions-restart",
              "positions begin at 0 again in every segment",
              "the position of a segment's first token: the length of the cache (SPEC 4)",
              TRANSFORMERS,
              inside(variation -> variation.with(new Restarting()))),
          new Fault(
              "position-taken-twice",
              "a segment begins at the position of the last token before it",
              "the position of a segment's first token: the length of the cache, not one less"
                  + " (SPEC 4)",
              TRANSFORMERS,
              inside(variation -> variation.with(new TakenTwice()))),
          new Fault(
              "rope-interleaved",
              "RoPE pairs neighboring numbers of a head",
              "how RoPE pairs the numbers of a head: i with i + size/2, as rotate-half does, in"
                  + " backbone and flow head (SPEC 4)",
              TRANSFORMERS,
              inside(PositionFaults::withNeighborsPaired)),
          new Fault(
              "rope-not-scaled",
              "the flow head's RoPE lacks the llama3 scaling",
              "the frequencies of the flow head's RoPE: factor 32, low 1, high 4, original length"
                  + " 8192 (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              inside(PositionFaults::withoutScaling)));

  private PositionFaults() {}

  private static final class Restarting implements Formulas {
    @Override
    public int firstPosition(int prefix) {
      return 0;
    }
  }

  private static final class TakenTwice implements Formulas {
    @Override
    public int firstPosition(int prefix) {
      return Math.max(0, prefix - 1);
    }
  }

  /** Rotated halves of what was brought together from neighbors. */
  private static Variation withNeighborsPaired(Variation variation) {
    int backbone = variation.architecture().backbone().headSize();
    int flowHead = variation.architecture().flowHead().headSize();
    return variation.with(
        WeightEdit.of(
            Keys.BACKBONE_ATTENTION + "[qk]_proj\\.(weight|bias)", neighborsApart(backbone)),
        WeightEdit.of(Keys.FLOW_HEAD_ATTENTION + "[qk]_proj\\.weight", neighborsApart(flowHead)),
        WeightEdit.of(Keys.FLOW_HEAD_ATTENTION + "[qk]_norm\\.weight", neighborsApart(flowHead)));
  }

  /** In every head the even numbers first, then the odd ones. */
  private static UnaryOperator<HostTensor> neighborsApart(int headSize) {
    int half = headSize / 2;
    return Reordering.rows(
        row -> {
          int within = row % headSize;
          int source = within < half ? 2 * within : 2 * (within - half) + 1;
          return row - within + source;
        });
  }

  private static Variation withoutScaling(Variation variation) {
    RopeScaling old = variation.architecture().flowHead().ropeScaling();
    RopeScaling none =
        new RopeScaling(
            1, old.lowFrequencyFactor(), old.highFrequencyFactor(), old.originalLength());
    double epsilon = variation.architecture().flowHead().normEpsilon();
    return variation.with(Sizes.withFlowHead(variation.architecture(), epsilon, none));
  }
}
