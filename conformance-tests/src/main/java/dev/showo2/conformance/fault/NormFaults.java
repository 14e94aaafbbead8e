package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;

import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;

/** Norms left out, and those whose epsilon belongs to another part of the model. */
final class NormFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "backbone-epsilon",
              "the backbone's norms have the epsilon 1e-5 of the flow head",
              "the epsilon of the backbone's RMSNorms: 1e-6 (SPEC 4)",
              EnumSet.of(Stage.BACKBONE),
              inside(NormFaults::withBackboneEpsilon)),
          new Fault(
              "flow-head-epsilon",
              "the norms of the flow head's blocks have the epsilon 1e-6 of the backbone",
              "the epsilon of the RMSNorms in the flow head's blocks: 1e-5 (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              inside(NormFaults::withFlowHeadEpsilon)),
          new Fault(
              "head-norm-missing",
              "the heads of q and k in the flow head are not normed",
              "the RMSNorm on each head of q and k before RoPE, q_norm and k_norm (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              inside(NormFaults::withoutHeadNorms)));

  private NormFaults() {}

  private static Variation withBackboneEpsilon(Variation variation) {
    Architecture sizes = variation.architecture();
    return variation.with(Sizes.withBackbone(sizes, 1e-5, sizes.backbone().tiedEmbeddings()));
  }

  private static Variation withFlowHeadEpsilon(Variation variation) {
    Architecture sizes = variation.architecture();
    return variation.with(Sizes.withFlowHead(sizes, 1e-6, sizes.flowHead().ropeScaling()));
  }

  /** x / √(mean(x²) + ε) · √ε is x where ε is much larger than all x². */
  private static Variation withoutHeadNorms(Variation variation) {
    return variation
        .with(new HugeHeadEpsilon())
        .with(
            WeightEdit.of(
                Keys.FLOW_HEAD_ATTENTION + "[qk]_norm\\.weight",
                gain -> Replacing.each(gain, value -> Math.sqrt(HugeHeadEpsilon.VALUE))));
  }

  private static final class HugeHeadEpsilon implements Formulas {

    private static final double VALUE = 1e16;

    @Override
    public double headNormEpsilon() {
      return VALUE;
    }
  }
}
