package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.backend.djl.TransformerLayer.Times;
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
  private final List<TransformerLayer> blocks = new ArrayList<>();
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
                    weights
                        .linear("diff_proj.0", width, architecture.backbone().hiddenSize())
                        .compiled(),
                    context.formulas().projectionActivation(),
                    weights.linear("diff_proj.2", width, width).compiled()))
            : Optional.empty();
    for (int block = 0; block < sizes.layers(); block++) {
      blocks.add(block(weights, block, sizes, context.formulas().headNormEpsilon()));
    }
    int patch = architecture.patchSize() * architecture.patchSize();
    this.finalLayer =
        FinalLayer.of(
            weights.linear("diffusion_head_b.adaLN_modulation.1", 2 * width, width),
            weights.rmsNorm("diffusion_head_b.norm_final", width, FINAL_NORM_EPSILON),
            weights.linear(
                "diffusion_head_b.linear", patch * architecture.vae().latentChannels(), width));
    this.rotary = DjlRotary.llama3(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling());
  }

  /** diff_proj, from the backbone's hidden size to the flow head's. */
  private record Projection(
      UnaryOperator<NDArray> first,
      UnaryOperator<NDArray> activation,
      UnaryOperator<NDArray> second) {

    NDArray apply(NDArray hidden) {
      return second.apply(activation.apply(first.apply(hidden)));
    }
  }

  /** No biases in attention and feed-forward network; a norm on each head of q and k. */
  private static TransformerLayer block(
      DjlWeights weights, int index, Architecture.FlowHead sizes, double headNormEpsilon) {
    String name = "diffusion_head_a." + index;
    int width = sizes.hiddenSize();
    int queries = sizes.heads() * sizes.headSize();
    int keys = sizes.keyValueHeads() * sizes.headSize();
    int parts = TransformerLayer.MODULATIONS;
    String attention = name + ".self_attn";
    return new TransformerLayer(
        index,
        new TransformerLayer.Parts(
            sizes.headSize(),
            weights.rmsNorm(name + ".input_layernorm", width, sizes.normEpsilon()),
            weights.linearWithoutBias(attention + ".q_proj", queries, width),
            weights.linearWithoutBias(attention + ".k_proj", keys, width),
            weights.linearWithoutBias(attention + ".v_proj", keys, width),
            weights.rmsNorm(attention + ".q_norm", sizes.headSize(), headNormEpsilon),
            weights.rmsNorm(attention + ".k_norm", sizes.headSize(), headNormEpsilon),
            weights.linearWithoutBias(attention + ".o_proj", width, queries),
            weights.rmsNorm(name + ".post_attention_layernorm", width, sizes.normEpsilon()),
            weights.swiGlu(name + ".mlp", width, sizes.feedForwardSize()),
            weights.linear(name + ".adaLN_modulation.1", parts * width, width)));
  }

  /** Norm, modulation, and a linear layer to the values of a patch. */
  private record FinalLayer(ScriptFunction plain, ScriptFunction modulated) {

    static FinalLayer of(ScriptTerm modulation, ScriptTerm norm, ScriptTerm linear) {
      ScriptWriter modulated = new ScriptWriter("x", "times");
      String parts =
          modulated.let(
              "torch.chunk(torch.unsqueeze(%s, 1), 2, 2)", modulation.write(modulated, "times"));
      String changed =
          modulated.let(
              "torch.addcmul(%1$s[0], %2$s, torch.add(%1$s[1], 1))",
              parts, norm.write(modulated, "x"));
      ScriptWriter plain = new ScriptWriter("x");
      return new FinalLayer(
          plain.returning(norm.then(linear).write(plain, "x")),
          modulated.returning(linear.write(modulated, changed)));
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

  LayerAttention attention(PackedRows packed, NDManager scope) {
    return new PackedAttention(packed, rotary, sizes.heads(), sizes.keyValueHeads(), scope);
  }

  /**
   * Time vectors as blocks and final layer take them.
   *
   * @param vectors [N, H]
   */
  static NDArray activated(NDArray vectors) {
    return TorchFunctions.silu(vectors);
  }

  /** The blocks, each from [B, S, H] to [B, S, H]. */
  List<UnaryOperator<NDArray>> blocks(Times times, LayerAttention attention) {
    return blocks.stream()
        .<UnaryOperator<NDArray>>map(block -> input -> block.apply(input, times, attention))
        .toList();
  }

  /**
   * diff_proj and all blocks.
   *
   * @param hidden [B, S, D]
   * @param times of the tokens, or null
   * @return [B, S, H]
   */
  private NDArray runBlocks(NDArray hidden, Times times, LayerAttention attention) {
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
   * @param times activated time vectors [B, H], or null
   * @return [B, L, p·p·C]
   */
  NDArray finish(NDArray x, NDArray times) {
    return times == null ? finalLayer.plain.call(x) : finalLayer.modulated.call(x, times);
  }

  /**
   * Everything, for the tokens behind the first one.
   *
   * @param hidden [B, S, D]
   * @param vectors time vectors [B, H], or null
   * @return [B, S − 1, p·p·C]
   */
  NDArray run(NDArray hidden, NDArray vectors, LayerAttention attention) {
    Times times = vectors == null ? null : times(vectors, hidden);
    NDArray x = runBlocks(hidden, times, attention);
    return finish(x.get(new NDIndex(":, 1:")), times == null ? null : times.vectors());
  }

  /** One for all tokens of a sequence. */
  private static Times times(NDArray vectors, NDArray hidden) {
    return new Times(activated(vectors), hidden.getShape().get(1));
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
                  .map(vector -> times(view(vector.array(), scope), segment.hidden().array()))
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
