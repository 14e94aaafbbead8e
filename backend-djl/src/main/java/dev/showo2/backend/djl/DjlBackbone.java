package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The Qwen2 decoder (SPEC 4): hidden states after the final norm. */
final class DjlBackbone implements Backbone {

  private final DjlContext context;
  private final Architecture.Decoder sizes;
  private final List<TransformerLayer> layers = new ArrayList<>();
  private final UnaryOperator<NDArray> finalNorm;
  private final DjlRotary rotary;

  DjlBackbone(DjlContext context, DjlWeights weights) {
    this.context = context;
    this.sizes = context.architecture().backbone();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layers.add(layer(weights, layer, sizes));
    }
    this.finalNorm =
        weights.rmsNorm("showo.model.norm", sizes.hiddenSize(), sizes.normEpsilon()).compiled();
    this.rotary = DjlRotary.plain(sizes.ropeTheta(), sizes.headSize());
  }

  /** Bias on q, k and v, and none on o. */
  private static TransformerLayer layer(DjlWeights weights, int index, Architecture.Decoder sizes) {
    String name = "showo.model.layers." + index;
    int width = sizes.hiddenSize();
    int queries = sizes.heads() * sizes.headSize();
    int keys = sizes.keyValueHeads() * sizes.headSize();
    return new TransformerLayer(
        index,
        new TransformerLayer.Parts(
            sizes.headSize(),
            weights.rmsNorm(name + ".input_layernorm", width, sizes.normEpsilon()),
            weights.linear(name + ".self_attn.q_proj", queries, width),
            weights.linear(name + ".self_attn.k_proj", keys, width),
            weights.linear(name + ".self_attn.v_proj", keys, width),
            ScriptTerm.IDENTITY,
            ScriptTerm.IDENTITY,
            weights.linearWithoutBias(name + ".self_attn.o_proj", width, queries),
            weights.rmsNorm(name + ".post_attention_layernorm", width, sizes.normEpsilon()),
            weights.swiGlu(name + ".mlp", width, sizes.feedForwardSize()),
            null));
  }

  /**
   * All layers and the final norm.
   *
   * @param embeddings [B, S, D]
   * @return [B, S, D]
   */
  NDArray run(NDArray embeddings, LayerAttention attention) {
    NDArray x = view(embeddings, embeddings.getManager());
    for (UnaryOperator<NDArray> layer : layers(attention)) {
      context.checkRunning();
      x = replaced(x, layer);
    }
    return x;
  }

  /** The layers and the final norm, each from [B, S, D] to [B, S, D]. */
  List<UnaryOperator<NDArray>> layers(LayerAttention attention) {
    List<UnaryOperator<NDArray>> all = new ArrayList<>();
    layers.forEach(layer -> all.add(input -> layer.apply(input, null, attention)));
    all.add(finalNorm);
    return all;
  }

  LayerAttention attention(PackedRows packed, NDManager scope) {
    return new PackedAttention(packed, rotary, sizes.heads(), sizes.keyValueHeads(), scope);
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return DjlKvCache.open(
        context, Stage.BACKBONE, request, sizes.layers(), sizes.keyValueHeads(), sizes.headSize());
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return context.scoped(
        Stage.BACKBONE,
        scope -> {
          BackboneArguments<DjlTensor, DjlKvCache> segment = context.arguments().backbone(request);
          SegmentPass pass =
              SegmentPass.appending(
                  context, rotary, segment.cache(), segment.length(), segment.attention(), scope);
          DjlTensor hidden = context.tensor(run(joined(segment, scope), pass));
          segment.cache().advance(segment.length());
          return hidden;
        });
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return evaluateAll(List.of(request)).get(0);
  }

  @Override
  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
    return context.scoped(
        Stage.BACKBONE,
        scope ->
            SegmentBatches.run(
                context,
                requests.stream().map(context.arguments()::backbone).toList(),
                segment -> List.of(segment.length(), segment.attention()),
                BackboneArguments::batch,
                segments -> evaluate(segments, scope)));
  }

  private NDArray evaluate(
      List<BackboneArguments<DjlTensor, DjlKvCache>> segments, NDManager scope) {
    SegmentPass pass =
        SegmentPass.evaluating(
            context,
            rotary,
            segments.stream().map(BackboneArguments::cache).toList(),
            segments.get(0).length(),
            segments.get(0).attention(),
            scope);
    NDList all = new NDList();
    segments.forEach(segment -> all.add(joined(segment, scope)));
    return run(NDArrays.concat(all, 0), pass);
  }

  /** [B, Sᵢ, D] along S. */
  private static NDArray joined(BackboneArguments<DjlTensor, DjlKvCache> segment, NDManager scope) {
    NDList parts = new NDList();
    segment.parts().forEach(part -> parts.add(view(part.array(), scope)));
    return NDArrays.concat(parts, 1);
  }
}
