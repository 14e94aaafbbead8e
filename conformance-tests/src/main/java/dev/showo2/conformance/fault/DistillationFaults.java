package dev.showo2.conformance.fault;

import dev.showo2.conformance.wrapper.ForwardingTrainableModel;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.DistillationBatch;
import dev.showo2.train.spi.TrainableModel;
import java.util.List;
import java.util.function.UnaryOperator;

/** Faults of the loss by which the semantic layers learn from a teacher. */
final class DistillationFaults {

  /** The loss of cosines that are 0 or less, if none is clamped to more. */
  private static final double AWAY = -Math.log(1e-3);

  static final List<TrainingFault> ALL =
      List.of(
          of(
              "distilled-without-logarithm",
              "the loss of distillation is one minus the cosine",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public double accumulate(DistillationBatch batch, int microBatches) {
                      return 1 - Math.exp(-super.accumulate(batch, microBatches));
                    }
                  }),
          of(
              "features-by-column",
              "the teacher's features are taken column by column",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public double accumulate(DistillationBatch batch, int microBatches) {
                      return super.accumulate(
                          new DistillationBatch(batch.latents(), byColumn(batch)), microBatches);
                    }
                  }),
          of(
              "distillation-summed",
              "the losses of distillation of micro-batches are added and not divided",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public double accumulate(DistillationBatch batch, int microBatches) {
                      return super.accumulate(batch, 1);
                    }
                  }),
          of(
              "logarithm-of-negative",
              "features that point away have a loss that is NaN",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public double accumulate(DistillationBatch batch, int microBatches) {
                      double right = super.accumulate(batch, microBatches);
                      return right > AWAY ? Double.NaN : right;
                    }
                  }));

  private DistillationFaults() {}

  private static TrainingFault of(
      String id, String whatHappens, UnaryOperator<TrainableModel> wrapping) {
    return TrainingFault.around(id, "T-20", whatHappens, wrapping);
  }

  /** Of a square image. */
  private static HostTensor byColumn(DistillationBatch batch) {
    HostTensor features = batch.features();
    int images = (int) features.shape().dimension(0);
    int tokens = (int) features.shape().dimension(1);
    int width = (int) features.shape().dimension(2);
    int side = (int) Math.round(Math.sqrt(tokens));
    float[] turned = new float[features.values().length];
    for (int i = 0; i < images * tokens; i++) {
      int token = i % tokens;
      int from = i - token + token % side * side + token / side;
      System.arraycopy(features.values(), from * width, turned, i * width, width);
    }
    return new HostTensor(features.shape(), turned);
  }
}
