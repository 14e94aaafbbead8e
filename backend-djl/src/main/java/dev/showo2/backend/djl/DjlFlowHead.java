package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.StageArguments.FlowHeadArguments;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The modulated transformer that predicts velocities (SPEC 6). */
final class DjlFlowHead implements FlowHead {

  private static final double FINAL_NORM_EPSILON = 1e-6;

  private final DjlContext context;
  private final Architecture.FlowHead sizes;
  private final Optional<Projection> projection;
  private final List<Block> blocks = new ArrayList<>();
  private final FinalLayer finalLayer;
  private final DjlRotary rotary;

  DjlFlowHead(DjlContext context, DjlWeights weights) {
    this.context = context;
    Architecture architecture = context.architecture();
    this.sizes = architecture.flowHead();
    int width = sizes.hiddenSize();
    this.projection =
        architecture.projectsHidden()
            ? Optional.of(
                new Projection(
                    weights.linear("diff_proj.0", width, architecture.backbone().hiddenSize()),
                    context.formulas().projectionActivation(),
                    weights.linear("diff_proj.2", width, width)))
            : Optional.empty();
    for (int block = 0; block < sizes.layers(); block++) {
      blocks.add(Block.of(weights, block, sizes, context.formulas().headNormEpsilon()));
    }
    int patch = architecture.patchSize() * architecture.patchSize();
    this.finalLayer =
        new FinalLayer(
            weights.linear("diffusion_head_b.adaLN_modulation.1", 2 * width, width),
            weights.rmsNorm("diffusion_head_b.norm_final", width, FINAL_NORM_EPSILON),
            weights.linear(
                "diffusion_head_b.linear", patch * architecture.vae().latentChannels(), width));
    this.rotary = DjlRotary.llama3(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling());
  }

  /** diff_proj, from the backbone's hidden size to the flow head's. */
  private record Projection(DjlLinear first, UnaryOperator<NDArray> activation, DjlLinear second) {

    NDArray apply(NDArray hidden) {
      return second.apply(activation.apply(first.apply(hidden)));
    }
  }

  /**
   * The times of the tokens that the flow head processes.
   *
   * @param vectors [N, H]
   * @param span number of tokens of each time. The first N · span tokens of a batch of one packed
   *     sequence have the times, and the others none; 0 if each of N sequences has one time.
   */
  record Times(NDArray vectors, long span) {

    static Times ofSequences(NDArray vectors) {
      return new Times(vectors, 0);
    }

    /** What is computed from the times belongs to the manager of x. */
    private Times viewFor(NDArray x) {
      return new Times(view(vectors, x.getManager()), span);
    }
  }

  /**
   * The effect of times on their tokens: [shift, scale, gate, …] = Linear(SiLU(time vector)), cut
   * in parts of H. Without a time shift = scale = 0 and gate = 1.
   *
   * @param parts [N, 1, H] each, or none
   * @param span as in {@link Times}
   */
  private record Modulation(NDList parts, long span) {

    /**
     * @param times of the tokens, or null
     */
    static Modulation of(Times times, DjlLinear layer, int parts) {
      if (times == null) {
        return new Modulation(new NDList(), 0);
      }
      NDArray values = layer.apply(TorchFunctions.silu(times.vectors()));
      return new Modulation(values.expandDims(1).split(parts, 2), times.span());
    }

    /** y · (1 + scale) + shift. */
    NDArray modulate(NDArray y, int shift, int scale) {
      return applied(y, x -> x.mul(parts.get(scale).add(1)).add(parts.get(shift)));
    }

    /** y · gate. */
    NDArray gate(NDArray y, int gate) {
      return applied(y, x -> x.mul(parts.get(gate)));
    }

    private NDArray applied(NDArray y, UnaryOperator<NDArray> effect) {
      if (parts.isEmpty()) {
        return y;
      }
      if (span == 0) {
        return effect.apply(y);
      }
      long times = parts.get(0).getShape().get(0);
      long width = y.getShape().get(2);
      NDArray ofSpans = y.get(new NDIndex(":, :{}", times * span)).reshape(times, span, width);
      NDArray changed = effect.apply(ofSpans).reshape(1, times * span, width);
      return times * span == y.getShape().get(1)
          ? changed
          : changed.concat(y.get(new NDIndex(":, {}:", times * span)), 1);
    }
  }

  /** No biases in attention and feed-forward network; a norm on each head of q and k. */
  private record Block(
      DjlLinear modulation,
      RmsNorm inputNorm,
      SelfAttention selfAttention,
      RmsNorm feedForwardNorm,
      SwiGluLayer feedForward) {

    private static final int MODULATIONS = 6;

    static Block of(
        DjlWeights weights, int index, Architecture.FlowHead sizes, double headNormEpsilon) {
      String name = "diffusion_head_a." + index;
      int width = sizes.hiddenSize();
      int queries = sizes.heads() * sizes.headSize();
      int keys = sizes.keyValueHeads() * sizes.headSize();
      String attention = name + ".self_attn";
      return new Block(
          weights.linear(name + ".adaLN_modulation.1", MODULATIONS * width, width),
          weights.rmsNorm(name + ".input_layernorm", width, sizes.normEpsilon()),
          new SelfAttention(
              index,
              sizes.headSize(),
              weights.linearWithoutBias(attention + ".q_proj", queries, width),
              weights.linearWithoutBias(attention + ".k_proj", keys, width),
              weights.linearWithoutBias(attention + ".v_proj", keys, width),
              weights.linearWithoutBias(attention + ".o_proj", width, queries),
              weights.rmsNorm(attention + ".q_norm", sizes.headSize(), headNormEpsilon)::apply,
              weights.rmsNorm(attention + ".k_norm", sizes.headSize(), headNormEpsilon)::apply),
          weights.rmsNorm(name + ".post_attention_layernorm", width, sizes.normEpsilon()),
          SwiGluLayer.of(weights, name + ".mlp", width, sizes.feedForwardSize()));
    }

    /**
     * @param x [B, S, H]
     * @param times of the tokens, or null
     * @return [B, S, H]
     */
    NDArray apply(NDArray x, Times times, LayerAttention attention) {
      int shift1 = 0;
      int scale1 = 1;
      int gate1 = 2;
      int shift2 = 3;
      int scale2 = 4;
      int gate2 = 5;
      Modulation parts = Modulation.of(times, modulation, MODULATIONS);
      NDArray attended =
          scoped(
              x,
              input ->
                  parts.gate(
                      selfAttention.apply(
                          parts.modulate(inputNorm.apply(input), shift1, scale1), attention),
                      gate1));
      NDArray y = x.add(attended);
      return y.add(
          scoped(
              y,
              input ->
                  parts.gate(
                      feedForward.apply(
                          parts.modulate(feedForwardNorm.apply(input), shift2, scale2)),
                      gate2)));
    }
  }

  /** Norm, modulation, and a linear layer to the values of a patch. */
  private record FinalLayer(DjlLinear modulation, RmsNorm norm, DjlLinear linear) {

    NDArray apply(NDArray x, Times times) {
      return linear.apply(Modulation.of(times, modulation, 2).modulate(norm.apply(x), 0, 1));
    }
  }

  /**
   * diff_proj, from the backbone's hidden states to the first block's input.
   *
   * @param hidden [B, S, D]
   * @return [B, S, H]
   */
  NDArray project(NDArray hidden) {
    return projection.isPresent()
        ? scoped(hidden, projection.get()::apply)
        : view(hidden, hidden.getManager());
  }

  DjlRotary rotary() {
    return rotary;
  }

  /** The blocks, each from [B, S, H] to [B, S, H]. */
  List<UnaryOperator<NDArray>> blocks(Times times, LayerAttention attention) {
    return blocks.stream()
        .<UnaryOperator<NDArray>>map(
            block ->
                input -> block.apply(input, times == null ? null : times.viewFor(input), attention))
        .toList();
  }

  /**
   * diff_proj and all blocks.
   *
   * @param hidden [B, S, D]
   * @param times of the tokens, or null
   * @return [B, S, H]
   */
  NDArray runBlocks(NDArray hidden, Times times, LayerAttention attention) {
    NDArray x = project(hidden);
    for (UnaryOperator<NDArray> block : blocks(times, attention)) {
      context.checkRunning();
      x = replaced(x, block);
    }
    return x;
  }

  /**
   * The final layer.
   *
   * @param x tokens without those of the times, [B, L, H]
   * @param vectors time vectors [B, H], or null
   * @return [B, L, p·p·C]
   */
  NDArray finish(NDArray x, NDArray vectors) {
    return finalLayer.apply(x, vectors == null ? null : Times.ofSequences(vectors));
  }

  /**
   * Everything, for the tokens behind the first one.
   *
   * @param hidden [B, S, D]
   * @param vectors time vectors [B, H], or null
   * @return [B, S − 1, p·p·C]
   */
  NDArray run(NDArray hidden, NDArray vectors, LayerAttention attention) {
    Times times = vectors == null ? null : Times.ofSequences(vectors);
    NDArray x = runBlocks(hidden, times, attention);
    return finish(x.get(new NDIndex(":, 1:")), vectors);
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return DjlKvCache.open(
        context, Stage.FLOW_HEAD, request, sizes.layers(), sizes.keyValueHeads(), sizes.headSize());
  }

  @Override
  public void append(FlowHeadRequest request) {
    context.scoped(
        Stage.FLOW_HEAD,
        scope -> {
          FlowHeadArguments<DjlTensor, DjlKvCache> segment = context.arguments().append(request);
          SegmentPass pass =
              SegmentPass.appending(
                  context, rotary, segment.cache(), segment.length(), segment.attention(), scope);
          runBlocks(
              view(segment.hidden().array(), scope),
              segment
                  .time()
                  .map(vector -> Times.ofSequences(view(vector.array(), scope)))
                  .orElse(null),
              pass);
          segment.cache().advance(segment.length());
          return null;
        });
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return velocityAll(List.of(request)).get(0);
  }

  @Override
  public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
    return context.scoped(
        Stage.FLOW_HEAD,
        scope ->
            SegmentBatches.run(
                context,
                requests.stream().map(context.arguments()::velocity).toList(),
                span -> List.of(span.length(), span.attention(), span.time().isPresent()),
                FlowHeadArguments::batch,
                spans -> velocities(spans, scope)));
  }

  /** The first row of each sequence, the time token's, has done its work within the attention. */
  private NDArray velocities(
      List<FlowHeadArguments<DjlTensor, DjlKvCache>> spans, NDManager scope) {
    SegmentPass pass =
        SegmentPass.evaluating(
            context,
            rotary,
            spans.stream().map(FlowHeadArguments::cache).toList(),
            spans.get(0).length(),
            spans.get(0).attention(),
            scope);
    NDList hidden = new NDList();
    NDList times = new NDList();
    for (FlowHeadArguments<DjlTensor, DjlKvCache> span : spans) {
      hidden.add(view(span.hidden().array(), scope));
      span.time().ifPresent(vector -> times.add(view(vector.array(), scope)));
    }
    NDArray time = times.isEmpty() ? null : NDArrays.concat(times, 0);
    return run(NDArrays.concat(hidden, 0), time, pass);
  }
}
