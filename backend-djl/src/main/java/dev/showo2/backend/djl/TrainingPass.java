package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.joined;
import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.showo2.backend.djl.PackedRows.PackedSpan;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingLosses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * One micro-batch forwards and backwards (SPEC 10). Three graphs, so that each is freed before the
 * next is walked: tokens to hidden states, hidden states to the next-token loss in pieces, and
 * hidden states to the flow loss. Tokens on which no loss depends, such as padding, are not
 * computed.
 */
final class TrainingPass {

  /** Labels whose logits are in memory together. */
  private static final int LABELS = 256;

  /** Mean over the rows with the index of the right class. */
  private static final TorchScript CROSS_ENTROPY =
      TorchScript.compile("torch.cross_entropy_loss(x, labels, None, 2, -100, 0.)", "x", "labels");

  /** DJL answers this for leaves alone. */
  private static final TorchScript REQUIRES_GRADIENT =
      TorchScript.compile("torch.tensor(x.requires_grad)", "x");

  private final DjlBackend stages;
  private final TrainedWeights weights;
  private final boolean recomputes;
  private final TrainingBatch batch;
  private final NDManager scope;
  private final int spanLength;
  private final TokenGrid grid;
  private final int frames;

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
    this.scope = scope;
    dev.showo2.tensor.Shape latents = batch.latents().shape();
    int patch = architecture().patchSize();
    int rank = latents.rank();
    this.frames = rank == 5 ? Math.toIntExact(latents.dimension(2)) : 1;
    this.grid =
        new TokenGrid(
            Math.toIntExact(latents.dimension(rank - 2)) / patch,
            Math.toIntExact(latents.dimension(rank - 1)) / patch);
    this.spanLength = 1 + frames * grid.tokens();
    check(latents);
  }

  private Architecture architecture() {
    return stages.context().architecture();
  }

  private void check(dev.showo2.tensor.Shape latents) {
    int patch = architecture().patchSize();
    int rank = latents.rank();
    long channels = architecture().vae().latentChannels();
    if (latents.dimension(1) != channels
        || grid.tokens() == 0
        || latents.dimension(rank - 2) % patch != 0
        || latents.dimension(rank - 1) % patch != 0) {
      throw new InvalidRequestException(
          "expected latents of "
              + channels
              + " channels whose height and width are multiples of "
              + patch
              + ", found "
              + latents);
    }
    if (!architecture().interpolatesPositions()
        && grid.tokens() != architecture().imageGrid().tokens()) {
      throw new InvalidRequestException(
          "this model has positions for "
              + architecture().imageGrid().tokens()
              + " image tokens, found latents of "
              + grid.tokens()
              + "; train on images of its size");
    }
    int vocabulary = architecture().backbone().vocabularySize();
    for (int row = 0; row < batch.rows().size(); row++) {
      check(row, batch.rows().get(row), vocabulary);
    }
  }

  private void check(int index, Row row, int vocabulary) {
    String name = "row " + index + " of the batch";
    boolean[] inSpan = new boolean[row.tokens().length];
    int end = 0;
    for (Span span : row.spans()) {
      if (span.length() == 0) {
        if (span.offset() != 0) {
          throw new InvalidRequestException(
              name + ": an empty span must be at position 0, found " + span);
        }
        continue;
      }
      if (span.length() != spanLength || span.offset() < end) {
        throw new InvalidRequestException(
            name
                + ": expected spans one behind the other with "
                + spanLength
                + " tokens, as the latents have, found "
                + row.spans());
      }
      end = span.offset() + span.length();
      Arrays.fill(inSpan, span.offset(), end, true);
    }
    for (int i = 0; i < row.tokens().length; i++) {
      requireToken(name, row.tokens()[i], vocabulary);
      if (row.labels()[i] != TrainingBatch.NO_LABEL) {
        requireToken(name, row.labels()[i], vocabulary);
      }
      if (row.flowMask()[i] && !inSpan[i] && i > 0) {
        throw new InvalidRequestException(
            name + ": the flow mask is set at position " + i + ", which is in no span");
      }
    }
  }

  private static void requireToken(String name, int id, int vocabulary) {
    if (id < 0 || id >= vocabulary) {
      throw new InvalidRequestException(
          name + ": expected token ids from 0 to " + (vocabulary - 1) + ", found " + id);
    }
  }

  /**
   * Computes the losses and adds the gradients of their weighted sum to those of the step.
   *
   * @param share of the sum
   */
  TrainingLosses run(LossWeights lossWeights, double share) {
    List<int[]> labels = labels();
    List<int[]> masked = masked();
    int[] lengths = new int[batch.rows().size()];
    int[] flowLengths = new int[lengths.length];
    labels.forEach(label -> extend(lengths, label[0], label[1]));
    masked.forEach(position -> extend(flowLengths, position[0], position[1]));
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = Math.max(lengths[row], flowLengths[row]);
    }
    weights.reach(key -> !isFlowHead(key) || !masked.isEmpty());
    PackedRows packed = new PackedRows(batch, lengths, spanLength);
    if (packed.length() == 0) {
      return new TrainingLosses(0, 0, 0, 0);
    }
    TimeVectors times = recording(() -> times(packed));
    NDArray embeddings = recording(() -> embeddings(packed, times));
    LayerAttention attention =
        packed.attention(stages.context().attention(), stages.backbone().rotary(), scope);
    Chain backbone =
        new Chain(
            embeddings,
            stages.backbone().layers(attention),
            weights.trains("showo.model.layers.") || weights.trains("showo.model.norm."));
    NDArray hidden = leaf(backbone.output());
    NDArray vectors = leaf(times.vectors());
    double nextToken =
        labels.isEmpty()
            ? 0
            : nextToken(packed, hidden, labels, lossWeights.nextToken() * share / labels.size());
    double flow = 0;
    if (!masked.isEmpty()) {
      try (NDManager flowScope = scope.newSubManager()) {
        PackedRows ofFlow = new PackedRows(batch, flowLengths, spanLength);
        double factor = lossWeights.flow() * share;
        flow = new FlowPass(packed, ofFlow, flowScope).run(hidden, vectors, masked, factor);
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

  /** A row is needed as far as a position that is looked at, and the span around it. */
  private void extend(int[] lengths, int row, int position) {
    int end = position + 1;
    for (Span span : batch.rows().get(row).spans()) {
      if (span.offset() <= position && position < span.offset() + span.length()) {
        end = span.offset() + span.length();
      }
    }
    lengths[row] = Math.max(lengths[row], end);
  }

  /** Rows, positions, and the tokens that they are to predict. */
  private List<int[]> labels() {
    List<int[]> found = new ArrayList<>();
    for (int row = 0; row < batch.rows().size(); row++) {
      int[] labels = batch.rows().get(row).labels();
      for (int i = 1; i < labels.length; i++) {
        if (labels[i] != TrainingBatch.NO_LABEL) {
          found.add(new int[] {row, i - 1, labels[i]});
        }
      }
    }
    return found;
  }

  /** Rows and positions whose velocity counts: those of the mask but for the times. */
  private List<int[]> masked() {
    List<int[]> found = new ArrayList<>();
    for (int row = 0; row < batch.rows().size(); row++) {
      boolean[] mask = batch.rows().get(row).flowMask().clone();
      batch.rows().get(row).spans().forEach(span -> mask[span.offset()] = false);
      for (int i = 0; i < mask.length; i++) {
        if (mask[i]) {
          found.add(new int[] {row, i});
        }
      }
    }
    return found;
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
      NDArray images = stages.fusion().fuse(frames(packed), grid);
      long width = images.getShape().get(2);
      NDArray ofTimes = times.tokens().get(new NDIndex(":{}", spans)).expandDims(1);
      parts.add(
          ofTimes
              .concat(images.reshape(spans, spanLength - 1L, width), 1)
              .reshape(1, (long) spans * spanLength, width));
    }
    int[] ids = packed.text(batch);
    if (ids.length > 0) {
      NDArray text = rows(stages.textEmbedding().matrix(), ids);
      if (!times.replaced().isEmpty()) {
        int[] chosen = new int[ids.length];
        Arrays.setAll(chosen, i -> i);
        for (int i = 0; i < times.replaced().size(); i++) {
          chosen[times.replaced().get(i) - packed.spanTokens()] = ids.length + i;
        }
        text = rows(text.concat(times.tokens().get(new NDIndex("{}:", spans)), 0), chosen);
      }
      parts.add(text.expandDims(0));
    }
    return joined(parts, 1);
  }

  private NDArray rows(NDArray matrix, int[] indices) {
    return rows(matrix, indices, scope);
  }

  /** The rows of a matrix. */
  private static NDArray rows(NDArray matrix, int[] indices, NDManager scope) {
    NDArray of = scope.create(indices).duplicate();
    return of.getNDArrayInternal()
        .embedding(of, view(matrix, scope), SparseFormat.DENSE)
        .singletonOrThrow();
  }

  /** The latents of the spans, frame by frame: [spans · T, C, h, w]. */
  private NDArray frames(PackedRows packed) {
    HostTensor source = batch.latents();
    dev.showo2.tensor.Shape shape = source.shape();
    int rank = shape.rank();
    int channels = Math.toIntExact(shape.dimension(1));
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
  private double nextToken(PackedRows packed, NDArray hidden, List<int[]> labels, double factor) {
    double sum = 0;
    for (int from = 0; from < labels.size(); from += LABELS) {
      List<int[]> some = labels.subList(from, Math.min(labels.size(), from + LABELS));
      int[] indices = some.stream().mapToInt(label -> packed.index(label[0], label[1])).toArray();
      long[] classes = some.stream().mapToLong(label -> label[2]).toArray();
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

  /** Hidden states to the flow loss. */
  private final class FlowPass {

    private final PackedRows all;
    private final PackedRows packed;
    private final NDManager scope;

    /**
     * @param all tokens that have hidden states
     * @param packed those on which the velocity depends
     * @param scope of what is made
     */
    FlowPass(PackedRows all, PackedRows packed, NDManager scope) {
      this.all = all;
      this.packed = packed;
      this.scope = scope;
    }

    /**
     * @param masked rows and positions whose velocity counts
     * @param factor of the mean, for the gradient
     */
    double run(NDArray hidden, NDArray vectors, List<int[]> masked, double factor) {
      DjlFlowHead head = stages.flowHead();
      int[] spans = packed.spans().stream().mapToInt(all.spans()::indexOf).toArray();
      NDArray times = recording(() -> rows(vectors, spans, scope));
      NDArray timesLeaf = leaf(times);
      int[] indices = packed.indicesIn(all);
      NDArray input =
          recording(
              () ->
                  head.project(rows(view(hidden, scope).squeeze(0), indices, scope).expandDims(0)));
      Chain blocks =
          new Chain(
              input,
              head.blocks(
                  new DjlFlowHead.Times(timesLeaf, spanLength),
                  packed.attention(stages.context().attention(), head.rotary(), scope)),
              weights.trains("diffusion_head_a.") || requiresGradient(timesLeaf));
      NDArray output = leaf(blocks.output());
      int[] positions = positions(masked);
      NDArray loss =
          recording(
              () -> {
                NDArray ofSpans =
                    view(output, scope)
                        .get(new NDIndex(":, :{}", packed.spanTokens()))
                        .reshape(spans.length, spanLength, output.getShape().get(2))
                        .get(new NDIndex(":, 1:"));
                NDArray velocity = head.finish(ofSpans, timesLeaf);
                long values = velocity.getShape().get(2);
                return rows(velocity.reshape(-1, values), positions, scope)
                    .sub(targets(positions, values))
                    .square()
                    .mean();
              });
      double value = loss.getFloat();
      backward(loss, factor);
      NDList roots = new NDList();
      blocks.addRoot(output, roots);
      backward(roots);
      // Only now does their leaf have the gradients of all blocks.
      NDList rootsOfTimes = new NDList();
      addRoot(times, timesLeaf, rootsOfTimes);
      backward(rootsOfTimes);
      return value;
    }

    /** The index of each position among the image tokens of all spans. */
    private int[] positions(List<int[]> masked) {
      return masked.stream()
          .mapToInt(
              position -> {
                int index = packed.index(position[0], position[1]);
                return index / spanLength * (spanLength - 1) + index % spanLength - 1;
              })
          .toArray();
    }

    /**
     * Targets in the order in which the flow head has the values of a position: row n of a frame's
     * values is patch n div p², in it n mod p² (SPEC 6).
     */
    private NDArray targets(int[] positions, long values) {
      int channels = Math.toIntExact(batch.targets().shape().dimension(1));
      int inPatch = Math.toIntExact(values) / channels;
      int tokens = grid.tokens();
      float[] source = batch.targets().values();
      float[] result = new float[Math.multiplyExact(positions.length, (int) values)];
      int next = 0;
      for (int position : positions) {
        int slot = packed.spans().get(position / (spanLength - 1)).slot();
        int token = position % (spanLength - 1);
        int frame = token / tokens;
        for (int n = 0; n < inPatch; n++) {
          int pixel = token % tokens * inPatch + n;
          for (int channel = 0; channel < channels; channel++) {
            int plane = (slot * channels + channel) * frames + frame;
            result[next++] = source[plane * tokens * inPatch + pixel];
          }
        }
      }
      return NdScopes.copyOf(result, new Shape(positions.length, values), scope);
    }
  }

  /** A stack of layers. */
  private final class Chain {

    private final List<UnaryOperator<NDArray>> layers;
    private final NDArray input;

    /** What each layer was given, where it is to be computed again. */
    private final List<NDArray> inputs = new ArrayList<>();

    private final NDArray output;

    /**
     * @param trained whether gradients are wanted of weights in the layers
     */
    Chain(NDArray input, List<UnaryOperator<NDArray>> layers, boolean trained) {
      this.layers = layers;
      this.input = input;
      boolean again = recomputes && (trained || requiresGradient(input));
      NDArray x = again ? input.stopGradient() : recording(() -> view(input, input.getManager()));
      for (UnaryOperator<NDArray> layer : layers) {
        stages.context().checkRunning();
        NDArray before = x;
        if (again) {
          inputs.add(before);
          x = scoped(before, layer);
        } else {
          x = recording(() -> replaced(before, layer));
        }
      }
      if (again) {
        x.setRequiresGradient(true);
      }
      this.output = x;
    }

    NDArray output() {
      return output;
    }

    /**
     * Adds a scalar whose gradient, at what is below the layers, is that of the loss.
     *
     * @param leaf of the output, with its gradient
     */
    void addRoot(NDArray leaf, NDList roots) {
      if (inputs.isEmpty()) {
        TrainingPass.addRoot(output, leaf, roots);
        return;
      }
      NDArray above = leaf;
      for (int layer = layers.size() - 1; layer >= 0; layer--) {
        NDArray given = inputs.get(layer);
        given.setRequiresGradient(layer > 0 || requiresGradient(input));
        UnaryOperator<NDArray> computation = layers.get(layer);
        NDArray again = recording(() -> scoped(given, computation));
        NDList root = new NDList();
        TrainingPass.addRoot(again, above, root);
        backward(root);
        again.close();
        above.close();
        above = given;
      }
      TrainingPass.addRoot(input, above, roots);
    }
  }

  /**
   * Adds a scalar whose gradient at an array is the gradient that its leaf has.
   *
   * @param array may be null
   */
  private static void addRoot(NDArray array, NDArray leaf, NDList roots) {
    if (array == null || !requiresGradient(array)) {
      return;
    }
    NDArray gradient = JniUtils.getGradient((PtNDArray) leaf);
    if (gradient != null) {
      try (gradient) {
        roots.add(recording(() -> array.mul(gradient).sum()));
      }
    }
  }

  /**
   * An array that collects gradients and does not hand them on; the array itself if it has none.
   */
  private static NDArray leaf(NDArray array) {
    if (array == null || !requiresGradient(array)) {
      return array;
    }
    NDArray leaf = array.stopGradient();
    leaf.setRequiresGradient(true);
    return leaf;
  }

  private static boolean requiresGradient(NDArray array) {
    try (NDArray answer = REQUIRES_GRADIENT.call(array)) {
      return answer.getBoolean();
    }
  }

  private static void backward(NDArray loss, double factor) {
    if (factor != 0 && requiresGradient(loss)) {
      try (NDArray gradient = loss.onesLike().mul(factor)) {
        JniUtils.backward((PtNDArray) loss, (PtNDArray) gradient, false, false);
      }
    }
  }

  /** Adds the gradients of the sum of scalars to those of all leaves on which they depend. */
  private static void backward(NDList scalars) {
    recording(() -> scalars.stream().reduce(NDArray::add)).ifPresent(sum -> backward(sum, 1));
  }

  private static <T> T recording(Supplier<T> computation) {
    JniUtils.setGradMode(true);
    try {
      return computation.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }
}
