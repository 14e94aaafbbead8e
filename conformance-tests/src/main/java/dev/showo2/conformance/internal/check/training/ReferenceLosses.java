package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.BackbonePass;
import dev.showo2.conformance.internal.golden.pass.FlowHeadPass;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.model.Architecture;
import dev.showo2.sampler.internal.VelocityLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The losses of a batch of images (SPEC 10), computed with the stages of the reference backend. An
 * image is masked as a whole or not at all.
 *
 * @param nextToken mean over the labels; 0 if there are none
 * @param flow mean over the values of the masked images; 0 if there are none
 * @param labels how many
 * @param positions how many are masked, the times not counted
 */
record ReferenceLosses(double nextToken, double flow, long labels, long positions) {

  static ReferenceLosses of(CheckContext context, TrainingBatch batch) {
    Model model = new Model(context.reference(), context.bundle().architecture());
    Sums sums = new Sums();
    int slot = 0;
    for (Row row : batch.rows()) {
      add(model, batch, row, slot, sums);
      slot += row.spans().size();
    }
    return new ReferenceLosses(
        sums.labels == 0 ? 0 : sums.nextToken / sums.labels,
        sums.values == 0 ? 0 : sums.flow / sums.values,
        sums.labels,
        sums.positions);
  }

  private record Model(Backend backend, Architecture sizes) {}

  private static final class Sums {
    double nextToken;
    double flow;
    long labels;
    long values;
    long positions;
  }

  /**
   * @param first slot of the row in the batch
   */
  private static void add(Model model, TrainingBatch batch, Row row, int first, Sums sums) {
    Backend reference = model.backend();
    HostTensor embeddings = embed(reference, row.tokens());
    List<Span> spans = new ArrayList<>();
    List<Float> times = new ArrayList<>();
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < row.spans().size(); i++) {
      TrainingBatch.Span span = row.spans().get(i);
      float time = batch.times()[first + i];
      if (span.kind() == SpanKind.UNUSED) {
        continue;
      }
      if (span.length() > 0) {
        HostTensor latents = HostTensors.slice(batch.latents(), 0, first + i, 1);
        boolean frames = span.kind() == SpanKind.FRAMES;
        overwrite(embeddings, span.offset() + 1, fuse(model, latents, frames));
        spans.add(frames ? asAtInference(model, span) : new Span(span.offset(), span.length()));
        times.add(time);
        slots.add(first + i);
      }
      // An empty slot is at position 0; the last one stays.
      overwrite(embeddings, span.offset(), timeToken(reference, time));
    }
    BackbonePass pass = BackbonePass.of(reference, embeddings, spans, true);
    addLabels(row, pass.logits().orElseThrow(), sums);
    if (spans.isEmpty() || row.spans().stream().anyMatch(s -> s.kind() == SpanKind.FRAMES)) {
      // Frames that are asked about have no velocity.
      return;
    }
    float[] own = new float[times.size()];
    for (int i = 0; i < own.length; i++) {
      own[i] = times.get(i);
    }
    HostTensor velocities =
        FlowHeadPass.tokenVelocities(reference, pass.hidden(), List.of(spans), own);
    for (int i = 0; i < own.length; i++) {
      if (row.flowMask()[spans.get(i).offset() + 1]) {
        addImage(HostTensors.slice(velocities, 0, i, 1), batch.targets(), slots.get(i), sums);
      }
    }
  }

  private static HostTensor embed(Backend reference, int[] tokens) {
    try (Tensor embeddings =
        reference.textEmbedding().embed(TextEmbeddingRequest.repeated(tokens, 1))) {
      return embeddings.toHost();
    }
  }

  private static HostTensor fuse(Model model, HostTensor latents, boolean frames) {
    Backend reference = model.backend();
    Optional<TokenGrid> resized =
        frames ? Optional.of(model.sizes().videoUnderstandingGrid()) : Optional.empty();
    try (Tensor uploaded = reference.upload(HostTensors.withFrameAxis(latents));
        Tensor fused = reference.fusion().fuse(FusionRequest.of(uploaded, resized))) {
      return fused.toHost();
    }
  }

  /** The positions that see each other: as many as of one image and one more (SPEC 8). */
  private static Span asAtInference(Model model, TrainingBatch.Span span) {
    int full = model.sizes().imageGrid().tokens() + 1;
    return new Span(span.offset() + 1, Math.min(full, span.length() - 1));
  }

  private static HostTensor timeToken(Backend reference, float time) {
    try (TimeFeatures features =
        reference.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      return features.token().toHost();
    }
  }

  private static void overwrite(HostTensor embeddings, int position, HostTensor with) {
    int width = Math.toIntExact(embeddings.shape().dimension(2));
    System.arraycopy(with.values(), 0, embeddings.values(), position * width, with.values().length);
  }

  private static void addLabels(Row row, HostTensor logits, Sums sums) {
    int vocabulary = Math.toIntExact(logits.shape().dimension(2));
    for (int i = 1; i < row.labels().length; i++) {
      if (row.labels()[i] != TrainingBatch.NO_LABEL) {
        int from = (i - 1) * vocabulary;
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < vocabulary; j++) {
          largest = Math.max(largest, logits.values()[from + j]);
        }
        double sum = 0;
        for (int j = 0; j < vocabulary; j++) {
          sum += Math.exp(logits.values()[from + j] - largest);
        }
        sums.nextToken += Math.log(sum) + largest - logits.values()[from + row.labels()[i]];
        sums.labels++;
      }
    }
  }

  private static void addImage(HostTensor tokens, HostTensor targets, int slot, Sums sums) {
    Shape shape = targets.shape();
    HostTensor velocity =
        VelocityLayout.unpatchify(tokens, 1, (int) shape.dimension(2), (int) shape.dimension(3));
    int count = velocity.values().length;
    for (int i = 0; i < count; i++) {
      double difference = (double) velocity.values()[i] - targets.values()[slot * count + i];
      sums.flow += difference * difference;
    }
    sums.values += count;
    sums.positions += tokens.shape().dimension(1);
  }
}
