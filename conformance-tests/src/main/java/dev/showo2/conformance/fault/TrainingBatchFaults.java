package dev.showo2.conformance.fault;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.wrapper.ForwardingTrainableModel;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingLosses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** Faults in what a batch means, and in its losses. */
final class TrainingBatchFaults {

  static final List<TrainingFault> ALL =
      List.of(
          ofRows(
              "labels-not-shifted",
              "T-05",
              "position i predicts the label of position i",
              TrainingBatchFaults::moveLabels),
          ofRows(
              "span-labeled",
              "T-06",
              "the tokens that stand for an image have labels",
              TrainingBatchFaults::labelSpans),
          TrainingFault.around(
              "time-position-masked",
              "T-07",
              "the position of the time counts for the flow loss",
              MaskedTimes::new),
          TrainingFault.around(
              "empty-slot-ignored",
              "T-12",
              "a slot (0, 0) leaves the embedding of position 0 as it is",
              WithoutEmptySlots::new),
          TrainingFault.around(
              "frames-reversed",
              "T-05",
              "the frames of a video that is asked about stand in reverse",
              model -> new OtherBatch(model, TrainingBatchFaults::reverseFrames)),
          ofRows(
              "unused-slot-counted",
              "T-12",
              "a slot that is not used overwrites the embedding of position 0",
              TrainingBatchFaults::useSlots),
          TrainingFault.around(
              "times-per-row",
              "T-13",
              "all images of a row have the time of the first",
              model -> new OtherBatch(model, TrainingBatchFaults::firstTimes)),
          TrainingFault.around(
              "accumulation-summed",
              "T-14",
              "the losses of micro-batches are added and not divided",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public TrainingLosses accumulate(
                        TrainingBatch batch, LossWeights weights, int microBatches) {
                      return super.accumulate(batch, weights, 1);
                    }
                  }),
          TrainingFault.around(
              "mean-of-nothing",
              "T-15",
              "a mean over no label or position is 0/0",
              model ->
                  new ForwardingTrainableModel(model) {
                    @Override
                    public TrainingLosses accumulate(
                        TrainingBatch batch, LossWeights weights, int microBatches) {
                      TrainingLosses right = super.accumulate(batch, weights, microBatches);
                      return new TrainingLosses(
                          right.labels() == 0 ? Double.NaN : right.nextToken(),
                          right.positions() == 0 ? Double.NaN : right.flow(),
                          right.labels(),
                          right.positions());
                    }
                  }));

  private TrainingBatchFaults() {}

  private static TrainingFault ofRows(
      String id, String rule, String whatHappens, UnaryOperator<Row> change) {
    return TrainingFault.around(
        id,
        rule,
        whatHappens,
        model ->
            new OtherBatch(
                model,
                batch ->
                    new TrainingBatch(
                        batch.rows().stream().map(change).toList(),
                        batch.latents(),
                        batch.times(),
                        batch.targets(),
                        batch.dropoutSeed())));
  }

  /** Takes another batch in place of each. */
  private static final class OtherBatch extends ForwardingTrainableModel {

    private final UnaryOperator<TrainingBatch> change;

    OtherBatch(TrainableModel model, UnaryOperator<TrainingBatch> change) {
      super(model);
      this.change = change;
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      return super.accumulate(change.apply(batch), weights, microBatches);
    }
  }

  /** One further, so that the shift of a correct model takes it back. */
  private static Row moveLabels(Row row) {
    int[] labels = row.labels().clone();
    System.arraycopy(row.labels(), 0, labels, 1, labels.length - 1);
    labels[0] = TrainingBatch.NO_LABEL;
    return new Row(row.tokens(), labels, row.flowMask(), row.spans());
  }

  private static Row labelSpans(Row row) {
    int[] labels = row.labels().clone();
    for (Span span : row.spans()) {
      System.arraycopy(row.tokens(), span.offset(), labels, span.offset(), span.length());
    }
    return new Row(row.tokens(), labels, row.flowMask(), row.spans());
  }

  private static Row useSlots(Row row) {
    List<Span> spans =
        row.spans().stream().map(span -> span.length() == 0 ? Span.NONE : span).toList();
    return new Row(row.tokens(), row.labels(), row.flowMask(), spans);
  }

  private static TrainingBatch reverseFrames(TrainingBatch batch) {
    HostTensor latents = batch.latents();
    if (latents.shape().rank() == 4) {
      return batch;
    }
    List<HostTensor> frames = new ArrayList<>();
    for (int i = 0; i < latents.shape().dimension(2); i++) {
      frames.add(0, HostTensors.slice(latents, 2, i, 1));
    }
    return new TrainingBatch(
        batch.rows(),
        HostTensors.join(frames, 2),
        batch.times(),
        batch.targets(),
        batch.dropoutSeed());
  }

  private static TrainingBatch firstTimes(TrainingBatch batch) {
    float[] times = batch.times().clone();
    int spans = batch.rows().get(0).spans().size();
    for (int i = 0; i < times.length; i++) {
      times[i] = times[i - i % spans];
    }
    return new TrainingBatch(
        batch.rows(), batch.latents(), times, batch.targets(), batch.dropoutSeed());
  }

  private static boolean[] withoutTimes(Row row) {
    boolean[] mask = row.flowMask().clone();
    row.spans().forEach(span -> mask[span.offset()] = false);
    return mask;
  }

  private static long count(boolean[] mask) {
    long count = 0;
    for (boolean set : mask) {
      count += set ? 1 : 0;
    }
    return count;
  }

  private static long labels(Row row) {
    return Arrays.stream(row.labels())
        .skip(1)
        .filter(label -> label != TrainingBatch.NO_LABEL)
        .count();
  }

  /** Times count in the mean, with nothing to add to it. */
  private static final class MaskedTimes extends ForwardingTrainableModel {

    MaskedTimes(TrainableModel model) {
      super(model);
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      long all = batch.rows().stream().mapToLong(row -> count(row.flowMask())).sum();
      long images = batch.rows().stream().mapToLong(row -> count(withoutTimes(row))).sum();
      double share = all == 0 ? 1 : (double) images / all;
      TrainingLosses right =
          super.accumulate(
              batch, new LossWeights(weights.nextToken(), weights.flow() * share), microBatches);
      return new TrainingLosses(right.nextToken(), right.flow() * share, right.labels(), all);
    }
  }

  /** Takes row by row, without the slots that have no image; means stay those of the batch. */
  private static final class WithoutEmptySlots extends ForwardingTrainableModel {

    WithoutEmptySlots(TrainableModel model) {
      super(model);
    }

    @Override
    public TrainingLosses accumulate(TrainingBatch batch, LossWeights weights, int microBatches) {
      long labels = batch.rows().stream().mapToLong(TrainingBatchFaults::labels).sum();
      long positions = batch.rows().stream().mapToLong(row -> count(withoutTimes(row))).sum();
      double nextToken = 0;
      double flow = 0;
      int slot = 0;
      for (Row row : batch.rows()) {
        double ofLabels = labels == 0 ? 0 : (double) labels(row) / labels;
        double ofPositions = positions == 0 ? 0 : (double) count(withoutTimes(row)) / positions;
        TrainingLosses part =
            super.accumulate(
                rowOf(batch, row, slot),
                new LossWeights(weights.nextToken() * ofLabels, weights.flow() * ofPositions),
                microBatches);
        nextToken += part.nextToken() * ofLabels;
        flow += part.flow() * ofPositions;
        slot += row.spans().size();
      }
      return new TrainingLosses(nextToken, flow, labels, positions);
    }

    private static TrainingBatch rowOf(TrainingBatch batch, Row row, int first) {
      List<Span> spans = new ArrayList<>();
      List<HostTensor> latents = new ArrayList<>();
      List<HostTensor> targets = new ArrayList<>();
      List<Float> times = new ArrayList<>();
      for (int i = 0; i < row.spans().size(); i++) {
        if (row.spans().get(i).length() > 0) {
          spans.add(row.spans().get(i));
          latents.add(HostTensors.slice(batch.latents(), 0, first + i, 1));
          targets.add(HostTensors.slice(batch.targets(), 0, first + i, 1));
          times.add(batch.times()[first + i]);
        }
      }
      float[] own = new float[times.size()];
      for (int i = 0; i < own.length; i++) {
        own[i] = times.get(i);
      }
      HostTensor none = HostTensors.slice(batch.latents(), 0, 0, 0);
      return new TrainingBatch(
          List.of(new Row(row.tokens(), row.labels(), row.flowMask(), spans)),
          latents.isEmpty() ? none : HostTensors.join(latents, 0),
          own,
          targets.isEmpty() ? none : HostTensors.join(targets, 0),
          batch.dropoutSeed());
    }
  }
}
