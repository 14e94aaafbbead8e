package dev.showo2.conformance.fault;

import dev.showo2.conformance.wrapper.ForwardingTrainableModel;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingLosses;
import java.nio.FloatBuffer;
import java.util.List;

/** Faults of state: saving, refusing, closing. */
final class TrainingStateFaults {

  static final List<TrainingFault> ALL =
      List.of(
          TrainingFault.around(
              "moments-not-restored",
              "T-17",
              "the running mean of squares begins anew after a resume",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public void write(String weight, Slot slot, long from, FloatBuffer source) {
                      if (slot == Slot.SECOND_MOMENT) {
                        source.position(source.limit());
                      } else {
                        super.write(weight, slot, from, source);
                      }
                    }
                  }),
          TrainingFault.around(
              "updates-not-restored",
              "T-17",
              "the corrections of the moments begin anew after a resume",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public void setUpdates(long updates) {
                      // Forgotten.
                    }
                  }),
          TrainingFault.around(
              "goes-on-when-closed", "T-18", "a closed model answers", AnsweringWhenClosed::new),
          TrainingFault.around(
              "refused-batch-counted",
              "T-19",
              "a batch that is refused leaves gradients",
              CountingRefused::new));

  private TrainingStateFaults() {}

  /** Frees everything as it should, and answers with nothing. */
  private static final class AnsweringWhenClosed extends ForwardingTrainableModel {

    private boolean closed;

    AnsweringWhenClosed(TrainableModel model) {
      super(model);
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      return closed
          ? new TrainingLosses(0, 0, 0, 0)
          : super.accumulate(batch, weights, microBatches);
    }

    @Override
    public double update(List<Double> rates) {
      return closed ? 0 : super.update(rates);
    }

    @Override
    public void close() {
      closed = true;
      super.close();
    }
  }

  /** Adds the gradients of the batch before a refused one again. */
  private static final class CountingRefused extends ForwardingTrainableModel {

    private TrainingBatch last;

    CountingRefused(TrainableModel model) {
      super(model);
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      try {
        TrainingLosses losses = super.accumulate(batch, weights, microBatches);
        last = batch;
        return losses;
      } catch (InvalidRequestException e) {
        if (last != null) {
          super.accumulate(last, weights, microBatches);
        }
        throw e;
      }
    }
  }
}
