package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.reference.Formulas;
import dev.showo2.conformance.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.List;

/** How a time modulates the flow head, and how hidden states enter it. */
final class FlowHeadFaults {

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "text-modulated",
              "text in the flow head is modulated too, by a time vector of zeros",
              "segments without a time in the flow head: shift and scale 0, gate 1, and not what"
                  + " the modulation layer gives for zeros (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              outside(
                  (right, architecture) ->
                      new TextModulated(right, architecture.flowHead().hiddenSize()))),
          new Fault(
              "gate-and-scale-swapped",
              "gate and scale of the flow head's blocks are swapped",
              "the order of the six parts of the modulation: shift, scale, gate, shift, scale,"
                  + " gate (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              Keys.FLOW_HEAD_BLOCK + "adaLN_modulation\\.1\\.(weight|bias)",
                              Reordering.rowParts(0, 2, 1, 3, 5, 4))))),
          new Fault(
              "final-shift-and-scale-swapped",
              "shift and scale of the flow head's final layer are swapped",
              "the order of the two parts of the final layer's modulation: shift, scale (SPEC 6)",
              EnumSet.of(Stage.FLOW_HEAD),
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              "diffusion_head_b\\.adaLN_modulation\\.1\\.(weight|bias)",
                              Reordering.rowParts(1, 0))))),
          new Fault(
                  "projection-linear",
                  "diff_proj has no activation between its two layers",
                  "the GELU between the layers of diff_proj (SPEC 6)",
                  EnumSet.of(Stage.FLOW_HEAD),
                  inside(variation -> variation.with(new LinearProjection())))
              .onlyFor(Architecture::projectsHidden));

  private FlowHeadFaults() {}

  private static final class LinearProjection implements Formulas {
    @Override
    public double projectionActivation(double x) {
      return x;
    }
  }
}
