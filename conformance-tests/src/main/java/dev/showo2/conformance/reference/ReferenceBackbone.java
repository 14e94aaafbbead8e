package dev.showo2.conformance.reference;

import static dev.showo2.conformance.reference.Ops.add;
import static dev.showo2.conformance.reference.Ops.rmsNorm;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The Qwen2 decoder (SPEC 4): hidden states after the final norm. */
final class ReferenceBackbone implements Backbone {

  private final int width;
  private final double epsilon;
  private final List<Layer> layers;
  private final double[] finalNorm;
  private final CachedAttention attention;
  private final Lifetime lifetime;

  ReferenceBackbone(
      Architecture.Decoder sizes, Weights weights, Formulas formulas, Lifetime lifetime) {
    this.width = sizes.hiddenSize();
    this.epsilon = sizes.normEpsilon();
    this.layers = new ArrayList<>();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layers.add(Layer.of(weights, "showo.model.layers." + layer, sizes));
    }
    this.finalNorm = weights.vector("showo.model.norm.weight", width);
    this.attention =
        new CachedAttention(
            sizes.layers(),
            new GroupedAttention(
                sizes.heads(), sizes.keyValueHeads(), sizes.headSize(), weights.workers()),
            Rotary.plain(sizes.ropeTheta(), sizes.headSize()),
            formulas::firstPosition,
            lifetime);
    this.lifetime = lifetime;
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
    return lifetime.whileOpen(
        () -> {
          List<HostTensor> parts =
              request.embeddings().stream()
                  .map(
                      part ->
                          ReferenceTensor.require(
                              part, lifetime, "embeddings [B, S, " + width + "]", -1, -1, width))
                  .toList();
          int batch = Math.toIntExact(parts.get(0).shape().dimension(0));
          Matrix x = joined(parts, batch);
          CachedAttention.Pass pass =
              attention.pass(request.cache(), batch, x.rows() / batch, request.attention());
          Matrix hidden = computation.apply(x, pass);
          return new ReferenceTensor(
              hidden.toTensor(batch, hidden.rows() / batch, width), lifetime);
        });
  }

  /** [B, Sᵢ, D] along S. */
  private static Matrix joined(List<HostTensor> parts, int batch) {
    List<Matrix> pieces = new ArrayList<>();
    for (int sequence = 0; sequence < batch; sequence++) {
      for (HostTensor part : parts) {
        if (part.shape().dimension(0) != batch) {
          throw new IllegalArgumentException(
              "embeddings: parts of one batch size are needed, found "
                  + parts.stream().map(HostTensor::shape).toList());
        }
        int length = Math.toIntExact(part.shape().dimension(1));
        pieces.add(Matrix.of(part).rows(sequence * length, (sequence + 1) * length));
      }
    }
    return Matrix.stack(pieces);
  }
}
