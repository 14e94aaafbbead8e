package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.Ops.add;
import static dev.showo2.conformance.internal.reference.Ops.layerNorm;
import static dev.showo2.conformance.internal.reference.Ops.map;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The SigLIP encoder layers: norm first, full attention, no final norm (SPEC 2). */
final class SemanticLayers {

  private final double epsilon;
  private final GroupedAttention attention;
  private final DoubleUnaryOperator activation;
  private final List<Layer> layers = new ArrayList<>();

  SemanticLayers(Architecture.Semantic sizes, Weights weights, DoubleUnaryOperator activation) {
    this.epsilon = sizes.normEpsilon();
    this.attention =
        new GroupedAttention(
            sizes.heads(), sizes.heads(), sizes.hiddenSize() / sizes.heads(), weights.workers());
    this.activation = activation;
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layers.add(Layer.of(weights, "und_trans.layers." + layer, sizes));
    }
  }

  private record Norm(double[] gain, double[] bias) {

    static Norm of(Weights weights, String key, int width) {
      return new Norm(weights.vector(key + ".weight", width), weights.vector(key + ".bias", width));
    }
  }

  private record Layer(
      Norm firstNorm,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      Norm secondNorm,
      Linear wide,
      Linear narrow) {

    static Layer of(Weights weights, String key, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      int inner = sizes.feedForwardSize();
      return new Layer(
          Norm.of(weights, key + ".layer_norm1", width),
          weights.linear(key + ".self_attn.q_proj", width, width),
          weights.linear(key + ".self_attn.k_proj", width, width),
          weights.linear(key + ".self_attn.v_proj", width, width),
          weights.linear(key + ".self_attn.out_proj", width, width),
          Norm.of(weights, key + ".layer_norm2", width),
          weights.linear(key + ".mlp.fc1", inner, width),
          weights.linear(key + ".mlp.fc2", width, inner));
    }
  }

  /**
   * @param x tokens of one frame [L, E]
   */
  Matrix apply(Matrix x) {
    for (Layer layer : layers) {
      Matrix normed = normed(x, layer.firstNorm());
      Matrix attended =
          attention.attend(
              layer.query().apply(normed),
              layer.key().apply(normed),
              layer.value().apply(normed),
              Attention.FULL);
      x = add(x, layer.output().apply(attended));
      Matrix wide = layer.wide().apply(normed(x, layer.secondNorm()));
      x = add(x, layer.narrow().apply(map(wide, activation)));
    }
    return x;
  }

  private Matrix normed(Matrix x, Norm norm) {
    return layerNorm(x, norm.gain(), norm.bias(), epsilon);
  }
}
