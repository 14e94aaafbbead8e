package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.Gradients.addRoot;
import static dev.showo2.backend.djl.Gradients.backward;
import static dev.showo2.backend.djl.Gradients.leaf;
import static dev.showo2.backend.djl.Gradients.recording;
import static dev.showo2.backend.djl.NdScopes.rows;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The flow loss of a batch from its hidden states (SPEC 10). */
final class FlowLoss {

  private final DjlBackend stages;
  private final BatchLayout layout;
  private final boolean recomputes;
  private final List<BatchLayout.Position> masked;
  private final PackedRows all;
  private final PackedRows packed;
  private final NDManager scope;

  /**
   * @param recomputes blocks for their gradients
   * @param masked positions whose velocity counts
   * @param all tokens that have hidden states
   * @param scope of what is made
   */
  FlowLoss(
      DjlBackend stages,
      BatchLayout layout,
      boolean recomputes,
      List<BatchLayout.Position> masked,
      PackedRows all,
      NDManager scope) {
    this.stages = stages;
    this.layout = layout;
    this.recomputes = recomputes;
    this.masked = masked;
    this.all = all;
    this.packed = new PackedRows(layout, layout.lengths(masked));
    this.scope = scope;
  }

  /**
   * Computes the loss, and adds gradients to the weights and to the leaves that it is given.
   *
   * @param hidden of all tokens [1, S, D]
   * @param vectors time vectors, those of all spans first [N, H]
   * @param factor of the loss, for the gradient
   */
  double run(NDArray hidden, NDArray vectors, double factor) {
    DjlFlowHead head = stages.flowHead();
    long spanLength = layout.spanLength();
    int[] spans = packed.spans().stream().mapToInt(all.spans()::indexOf).toArray();
    NDArray times = recording(() -> DjlFlowHead.activated(rows(vectors, spans, scope)));
    NDArray timesLeaf = leaf(times);
    int[] indices = packed.indicesIn(all);
    NDArray input =
        recording(
            () -> head.project(rows(view(hidden, scope).squeeze(0), indices, scope).expandDims(0)));
    LayerChain blocks =
        new LayerChain(
            stages.context(),
            input,
            head.blocks(
                new TransformerLayer.Times(timesLeaf, spanLength), head.attention(packed, scope)),
            recomputes);
    NDArray output = leaf(blocks.output());
    int[] positions = positions();
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
  private int[] positions() {
    int spanLength = layout.spanLength();
    return masked.stream()
        .mapToInt(
            position -> {
              int index = packed.index(position);
              return index / spanLength * (spanLength - 1) + index % spanLength - 1;
            })
        .toArray();
  }

  /**
   * Targets in the order in which the flow head has the values of a position: row n of a frame's
   * values is patch n div p², in it n mod p² (SPEC 6).
   */
  private NDArray targets(int[] positions, long values) {
    int channels = Math.toIntExact(layout.batch().targets().shape().dimension(1));
    int inPatch = Math.toIntExact(values) / channels;
    int tokens = layout.grid().tokens();
    int frames = layout.frames();
    int spanLength = layout.spanLength();
    float[] source = layout.batch().targets().values();
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
