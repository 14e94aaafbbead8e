package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.Ops.add;
import static dev.showo2.conformance.internal.reference.Ops.rmsNorm;

import dev.showo2.model.Architecture;
import dev.showo2.spi.support.HostBackedTensor;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The Qwen2 decoder (SPEC 4): hidden states after the final norm. */
final class ReferenceBackbone implements Backbone {

  private final ReferenceContext context;
  private final int width;
  private final double epsilon;
  private final List<Layer> layers;
  private final double[] finalNorm;
  private final CachedAttention attention;

  ReferenceBackbone(ReferenceContext context) {
    this.context = context;
    Architecture.Decoder sizes = context.architecture().backbone();
    Weights weights = context.weights();
    this.width = sizes.hiddenSize();
    this.epsilon = sizes.normEpsilon();
    this.layers = new ArrayList<>();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layers.add(Layer.of(weights, "showo.model.layers." + layer, sizes));
    }
    this.finalNorm = weights.vector("showo.model.norm.weight", width);
    this.attention =
        new CachedAttention(
            context,
            Stage.BACKBONE,
            sizes.layers(),
            new GroupedAttention(
                sizes.heads(), sizes.keyValueHeads(), sizes.headSize(), weights.workers()),
            Rotary.plain(sizes.ropeTheta(), sizes.headSize()));
  }

  /** Bias on q, k and v, and none on o. */
  private record Layer(
      double[] inputNorm,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      double[] feedForwardNorm,
      SwiGlu feedForward) {

    static Layer of(Weights weights, String key, Architecture.Decoder sizes) {
      int width = sizes.hiddenSize();
      int queries = sizes.heads() * sizes.headSize();
      int keys = sizes.keyValueHeads() * sizes.headSize();
      return new Layer(
          weights.vector(key + ".input_layernorm.weight", width),
          weights.linear(key + ".self_attn.q_proj", queries, width),
          weights.linear(key + ".self_attn.k_proj", keys, width),
          weights.linear(key + ".self_attn.v_proj", keys, width),
          weights.linearWithoutBias(key + ".self_attn.o_proj", width, queries),
          weights.vector(key + ".post_attention_layernorm.weight", width),
          SwiGlu.of(weights, key + ".mlp", width, sizes.feedForwardSize()));
    }
  }

  private Matrix run(Matrix x, CachedAttention.Pass pass) {
    for (Layer layer : layers) {
      Matrix normed = rmsNorm(x, layer.inputNorm(), epsilon);
      Matrix attended =
          pass.attend(
              layer.query().apply(normed), layer.key().apply(normed), layer.value().apply(normed));
      x = add(x, layer.output().apply(attended));
      x = add(x, layer.feedForward().apply(rmsNorm(x, layer.feedForwardNorm(), epsilon)));
    }
    return rmsNorm(x, finalNorm, epsilon);
  }

  @Override
  public KvCache newCache(CacheRequest request) {
    return attention.newCache(request);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return withPass(
        request,
        (x, pass) -> {
          Matrix hidden = run(x, pass);
          pass.keep();
          return hidden;
        });
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return withPass(request, this::run);
  }

  private Tensor withPass(
      BackboneRequest request, BiFunction<Matrix, CachedAttention.Pass, Matrix> computation) {
    return context
        .lifetime()
        .call(
            () -> {
              BackboneArguments<HostBackedTensor, ReferenceKvCache> segment =
                  context.arguments().backbone(request);
              CachedAttention.Pass pass =
                  attention.pass(segment.cache(), segment.length(), segment.attention());
              Matrix hidden = computation.apply(joined(segment), pass);
              return context.tensor(hidden.toTensor(segment.batch(), segment.length(), width));
            });
  }

  /** [B, Sᵢ, D] along S. */
  private static Matrix joined(BackboneArguments<HostBackedTensor, ?> segment) {
    List<Matrix> pieces = new ArrayList<>();
    for (int sequence = 0; sequence < segment.batch(); sequence++) {
      for (HostBackedTensor part : segment.parts()) {
        int length = Math.toIntExact(part.shape().dimension(1));
        pieces.add(Matrix.of(part.values()).rows(sequence * length, (sequence + 1) * length));
      }
    }
    return Matrix.stack(pieces);
  }
}
