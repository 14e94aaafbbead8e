package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.Gradients.addRoot;
import static dev.showo2.backend.djl.Gradients.backward;
import static dev.showo2.backend.djl.Gradients.leaf;
import static dev.showo2.backend.djl.Gradients.recording;
import static dev.showo2.backend.djl.Gradients.requiresGradient;
import static dev.showo2.backend.djl.NdScopes.joined;
import static dev.showo2.backend.djl.NdScopes.rows;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.showo2.backend.djl.PackedRows.PackedSpan;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingLosses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One micro-batch forwards and backwards (SPEC 10). Three graphs, so that each is freed before the
 * next is walked: tokens to hidden states, hidden states to the next-token loss in pieces, and
 * hidden states to the flow loss. Tokens on which no loss depends, such as padding, are not
 * computed.
 */
final class TrainingPass {

  /** Labels whose logits are in memory together. */
  private static final int LABELS = 256;

  /** Sum over the rows, each with the index of the right class. */
  private static final TorchScript CROSS_ENTROPY =
      TorchScript.compile("torch.cross_entropy_loss(x, labels, None, 2, -100, 0.)", "x", "labels");

  private final DjlBackend stages;
  private final TrainedWeights weights;
  private final boolean recomputes;
  private final TrainingBatch batch;
  private final BatchLayout layout;
  private final NDManager scope;

  /**
   * @param recomputes layers for their gradients
   * @param scope to which everything belongs that is made
   */
  TrainingPass(
      DjlBackend stages,
      TrainedWeights weights,
      boolean recomputes,
      TrainingBatch batch,
      NDManager scope) {
    this.stages = stages;
    this.weights = weights;
    this.recomputes = recomputes;
    this.batch = batch;
    this.layout = BatchLayout.of(batch, stages.context().architecture());
    this.scope = scope;
  }

  /**
   * Computes the losses and adds the gradients of their weighted sum to those of the step.
   *
   * @param share of the sum
   */
  TrainingLosses run(LossWeights lossWeights, double share) {
    List<BatchLayout.Label> labels = layout.labels();
    List<BatchLayout.Position> masked = layout.masked();
    weights.reach(key -> !isFlowHead(key) || !masked.isEmpty());
    List<BatchLayout.Position> needed = new ArrayList<>(masked);
    labels.forEach(label -> needed.add(label.from()));
    if (needed.isEmpty()) {
      return new TrainingLosses(0, 0, 0, 0);
    }
    PackedRows packed = new PackedRows(layout, layout.lengths(needed));
    TimeVectors times = recording(() -> times(packed));
    NDArray embeddings = recording(() -> embeddings(packed, times));
    LayerAttention attention = stages.backbone().attention(packed, scope);
    boolean trains =
        requiresGradient(embeddings)
            || weights.trains("showo.model.layers.")
            || weights.trains("showo.model.norm.");
    LayerChain backbone =
        new LayerChain(
            stages.context(),
            embeddings,
            stages.backbone().layers(attention),
            recomputes && trains);
    NDArray hidden = leaf(backbone.output());
    NDArray vectors = leaf(times.vectors());
    double nextToken = 0;
    if (!labels.isEmpty()) {
      double factor = lossWeights.nextToken() * share / labels.size();
      nextToken = nextToken(packed, hidden, labels, factor);
    }
    double flow = 0;
    if (!masked.isEmpty()) {
      try (NDManager flowScope = scope.newSubManager()) {
        flow =
            new FlowLoss(stages, layout, recomputes, masked, packed, flowScope)
                .run(hidden, vectors, lossWeights.flow() * share);
      }
    }
    NDList roots = new NDList();
    backbone.addRoot(hidden, roots);
    addRoot(times.vectors(), vectors, roots);
    backward(roots);
    return new TrainingLosses(nextToken, flow, labels.size(), masked.size());
  }

  private static boolean isFlowHead(String key) {
    return key.startsWith("diffusion_head") || key.startsWith("diff_proj");
  }

  /**
   * Time vectors, of the spans and behind them of the slots without an image whose time token
   * replaces the first token of a row.
   *
   * @param replaced index in the packed text of each of those
   */
  private record TimeVectors(NDArray vectors, NDArray tokens, List<Integer> replaced) {}

  private TimeVectors times(PackedRows packed) {
    List<Float> times = new ArrayList<>();
    packed.spans().forEach(span -> times.add(batch.times()[span.slot()]));
    List<Integer> replaced = new ArrayList<>();
    for (int row = 0; row < batch.rows().size(); row++) {
      List<Span> spans = batch.rows().get(row).spans();
      int last = spans.lastIndexOf(Span.NONE);
      if (last >= 0 && packed.contains(row)) {
        times.add(batch.times()[row * spans.size() + last]);
        replaced.add(packed.index(row, 0));
      }
    }
    float[] values = new float[times.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = times.get(i);
    }
    DjlEmbeddings.OfTime stage = stages.timeEmbedding();
    if (values.length == 0) {
      return new TimeVectors(null, null, replaced);
    }
    NDArray vectors = stage.vector(DjlEmbeddings.OfTime.sinusoid(values, scope));
    return new TimeVectors(
        vectors,
        stage.projection().isPresent() ? stage.projection().get().apply(vectors) : vectors,
        replaced);
  }

  /** Of all tokens in packed order, [1, S, D]. */
  private NDArray embeddings(PackedRows packed, TimeVectors times) {
    NDList parts = new NDList();
    int spans = packed.spans().size();
    if (spans > 0) {
      NDArray images = images(packed);
      long width = images.getShape().get(2);
      NDArray ofTimes = times.tokens().get(new NDIndex(":{}", spans)).expandDims(1);
      parts.add(
          ofTimes
              .concat(images.reshape(spans, layout.spanLength() - 1L, width), 1)
              .reshape(1, (long) spans * layout.spanLength(), width));
    }
    int[] ids = packed.text(batch);
    if (ids.length > 0) {
      NDArray text = rows(stages.textEmbedding().matrix(), ids, scope);
      if (!times.replaced().isEmpty()) {
        int[] chosen = new int[ids.length];
        Arrays.setAll(chosen, i -> i);
        for (int i = 0; i < times.replaced().size(); i++) {
          chosen[times.replaced().get(i) - packed.spanTokens()] = ids.length + i;
        }
        text = rows(text.concat(times.tokens().get(new NDIndex("{}:", spans)), 0), chosen, scope);
      }
      parts.add(text.expandDims(0));
    }
    return joined(parts, 1);
  }

  /** The tokens of the spans, frame by frame: [spans · T, L, D]. */
  private NDArray images(PackedRows packed) {
    NDArray tokens = stages.fusion().fuse(frames(packed), layout.grid());
    return layout
        .resized()
        .map(to -> stages.context().formulas().videoResize().apply(tokens, layout.grid(), to))
        .orElse(tokens);
  }

  /** The latents of the spans, frame by frame: [spans · T, C, h, w]. */
  private NDArray frames(PackedRows packed) {
    HostTensor source = batch.latents();
    dev.showo2.tensor.Shape shape = source.shape();
    int rank = shape.rank();
    int channels = Math.toIntExact(shape.dimension(1));
    int frames = layout.frames();
    int area = Math.toIntExact(shape.dimension(rank - 2) * shape.dimension(rank - 1));
    float[] values = new float[packed.spans().size() * channels * frames * area];
    int next = 0;
    for (PackedSpan span : packed.spans()) {
      for (int frame = 0; frame < frames; frame++) {
        for (int channel = 0; channel < channels; channel++) {
          int from = ((span.slot() * channels + channel) * frames + frame) * area;
          System.arraycopy(source.values(), from, values, next, area);
          next += area;
        }
      }
    }
    return NdScopes.copyOf(
        values,
        new Shape(
            (long) packed.spans().size() * frames,
            channels,
            shape.dimension(rank - 2),
            shape.dimension(rank - 1)),
        scope);
  }

  /**
   * The next-token loss, in pieces of which each is freed before the next begins.
   *
   * @param factor of the sum over all labels, for the gradient
   */
  private double nextToken(
      PackedRows packed, NDArray hidden, List<BatchLayout.Label> labels, double factor) {
    double sum = 0;
    for (int from = 0; from < labels.size(); from += LABELS) {
      List<BatchLayout.Label> some = labels.subList(from, Math.min(labels.size(), from + LABELS));
      int[] indices = some.stream().mapToInt(label -> packed.index(label.from())).toArray();
      long[] classes = some.stream().mapToLong(BatchLayout.Label::token).toArray();
      try (NDManager piece = scope.newSubManager()) {
        NDArray loss =
            recording(
                () -> {
                  NDArray states = rows(view(hidden, piece).squeeze(0), indices, piece);
                  NDArray logits = stages.languageHead().matrix().apply(states);
                  return CROSS_ENTROPY.call(logits, piece.create(classes));
                });
        sum += loss.getFloat();
        backward(loss, factor);
      }
    }
    return sum / labels.size();
  }
}
