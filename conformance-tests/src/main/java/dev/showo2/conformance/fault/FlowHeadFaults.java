package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyFlowHead;
import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Faults in the modulation of the flow head by time, and in its input. */
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

  /** Gives text a time vector of zeros, where it should have none. */
  private static final class TextModulated extends FaultyBackend {

    private final int width;

    /**
     * @param width of a time vector
     */
    TextModulated(Backend right, int width) {
      super(right);
      this.width = width;
    }

    @Override
    public FlowHead flowHead() {
      FlowHead right = super.flowHead();
      return new FaultyFlowHead(right) {
        @Override
        public void append(FlowHeadRequest request) {
          if (request.time().isPresent()) {
            right.append(request);
            return;
          }
          HostTensor zeros = HostTensor.zeros(Shape.of(request.cache().batch(), width));
          try (Tensor time = upload(zeros)) {
            right.append(
                FlowHeadRequest.of(
                    request.cache(), request.hidden(), request.attention(), Optional.of(time)));
          }
        }
      };
    }
  }
}
