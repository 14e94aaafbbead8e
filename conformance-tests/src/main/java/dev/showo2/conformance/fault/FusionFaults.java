package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;

import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.GridResize;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Patches, positions and resizing of image tokens, and the activations. */
final class FusionFaults {

  private static final Set<Stage> STAGE = EnumSet.of(Stage.FUSION);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "gelu-exact-everywhere",
              "the semantic layers have the exact GELU",
              "the GELU of the semantic layers: SigLIP's approximation by tanh (SPEC 2)",
              STAGE,
              inside(variation -> variation.with(new ExactEverywhere()))),
          new Fault(
              "gelu-tanh-everywhere",
              "fusion and diff_proj have the GELU by tanh",
              "the GELU after the fused paths and in diff_proj: the exact one, by erf (SPEC 2"
                  + " and 6)",
              EnumSet.of(Stage.FUSION, Stage.FLOW_HEAD),
              inside(variation -> variation.with(new TanhEverywhere()))),
          new Fault(
                  "positions-not-interpolated",
                  "the position table is repeated where it is too short",
                  "the position table, where its length is not the checkpoint's number of tokens:"
                      + " bicubic interpolation (SPEC 2)",
                  STAGE,
                  inside(variation -> variation.with(new RepeatedPositions())))
              .onlyFor(Architecture::interpolatesPositions),
          new Fault(
                  "positions-bilinear",
                  "the position table is interpolated bilinearly",
                  "the interpolation of the position table: bicubic, a = -0.75, without aligned"
                      + " corners, no antialias (SPEC 2)",
                  STAGE,
                  inside(variation -> variation.with(new BilinearPositions())))
              .onlyFor(Architecture::interpolatesPositions),
          new Fault(
              "corners-aligned",
              "fused tokens of video frames are resized with aligned corners",
              "the resizing for video understanding: bilinear without aligned corners (SPEC 2)",
              EnumSet.of(Stage.FUSION_RESIZE),
              inside(variation -> variation.with(new AlignedCorners()))),
          new Fault(
              "patches-channels-last",
              "patches are flattened with the channels last",
              "the order of values within a patch: channel, row, column, as the weight of a"
                  + " convolution has them (SPEC 2)",
              STAGE,
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              "image_embedder_(und|gen)\\.proj\\.weight", channelsLast())))));

  private FusionFaults() {}

  private static final class ExactEverywhere implements Formulas {
    @Override
    public double semanticActivation(double x) {
      return SPEC.fusionActivation(x);
    }
  }

  private static final class TanhEverywhere implements Formulas {
    @Override
    public double fusionActivation(double x) {
      return SPEC.semanticActivation(x);
    }

    @Override
    public double projectionActivation(double x) {
      return SPEC.semanticActivation(x);
    }
  }

  private static final class RepeatedPositions implements Formulas {
    @Override
    public GridResize positionResize() {
      return GridResize.BILINEAR.with((index, oldSize, newSize) -> index % oldSize);
    }
  }

  private static final class BilinearPositions implements Formulas {
    @Override
    public GridResize positionResize() {
      return GridResize.BILINEAR;
    }
  }

  private static final class AlignedCorners implements Formulas {
    @Override
    public GridResize videoResize() {
      return GridResize.BILINEAR.with(
          (index, oldSize, newSize) -> index * (oldSize - 1.0) / Math.max(1, newSize - 1));
    }
  }

  /** [out, C, p, p]: what meets a value is the weight at its position in a patch [p, p, C]. */
  private static UnaryOperator<HostTensor> channelsLast() {
    return weight -> {
      int channels = Math.toIntExact(weight.shape().dimension(1));
      int positions = Math.toIntExact(weight.shape().dimension(2) * weight.shape().dimension(3));
      int patch = channels * positions;
      float[] values = new float[weight.values().length];
      for (int i = 0; i < values.length; i++) {
        int channel = i % patch / positions;
        int position = i % positions;
        values[i] = weight.values()[i / patch * patch + position * channels + channel];
      }
      return new HostTensor(weight.shape(), values);
    };
  }
}
