package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.showo2.model.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Encoder layers of SigLIP: norm first, full attention, no norm behind the last (SPEC 2). */
record SiglipLayers(List<Layer> layers) {

  /**
   * @param key before the number of a layer
   * @param sizes with the number of layers
   */
  static SiglipLayers of(LayerWeights weights, String key, Architecture.Semantic sizes) {
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < sizes.layers(); layer++) {
      layers.add(Layer.of(weights, key + layer, sizes));
    }
    return new SiglipLayers(layers);
  }

  /**
   * @param x tokens of images [N, L, E], which nobody else uses
   * @param checkRunning called before each layer
   * @return [N, L, E]
   */
  NDArray apply(
      NDArray x,
      OmniAttention attention,
      UnaryOperator<NDArray> activation,
      Runnable checkRunning) {
    NDArray tokens = x;
    for (Layer layer : layers) {
      checkRunning.run();
      tokens = replaced(tokens, input -> layer.apply(input, attention, activation));
    }
    return tokens;
  }

  /** A norm with mean and bias. */
  private record LayerNorm(NDArray gain, NDArray bias, float epsilon) {

    static LayerNorm of(LayerWeights weights, String key, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      return new LayerNorm(
          weights.array(key + ".weight", width),
          weights.array(key + ".bias", width),
          (float) sizes.normEpsilon());
    }

    NDArray apply(NDArray x) {
      return x.getNDArrayInternal()
          .layerNorm(x, gain.getShape(), gain, bias, epsilon)
          .singletonOrThrow();
    }
  }

  /** A layer and its weights. */
  record Layer(
      int heads,
      LayerNorm firstNorm,
      DjlLinear query,
      DjlLinear key,
      DjlLinear value,
      DjlLinear output,
      LayerNorm secondNorm,
      DjlLinear wide,
      DjlLinear narrow) {

    static Layer of(LayerWeights weights, String name, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      int inner = sizes.feedForwardSize();
      return new Layer(
          sizes.heads(),
          LayerNorm.of(weights, name + ".layer_norm1", sizes),
          weights.linear(name + ".self_attn.q_proj", width, width),
          weights.linear(name + ".self_attn.k_proj", width, width),
          weights.linear(name + ".self_attn.v_proj", width, width),
          weights.linear(name + ".self_attn.out_proj", width, width),
          LayerNorm.of(weights, name + ".layer_norm2", sizes),
          weights.linear(name + ".mlp.fc1", inner, width),
          weights.linear(name + ".mlp.fc2", width, inner));
    }

    NDArray apply(NDArray x, OmniAttention attention, UnaryOperator<NDArray> activation) {
      NDArray attended = x.add(scoped(x, input -> attend(firstNorm.apply(input), attention)));
      return attended.add(
          scoped(
              attended,
              input -> narrow.apply(activation.apply(wide.apply(secondNorm.apply(input))))));
    }

    private NDArray attend(NDArray x, OmniAttention attention) {
      NDArray mixed =
          attention.full(heads(query.apply(x)), heads(key.apply(x)), heads(value.apply(x)));
      return output.apply(mixed.transpose(0, 2, 1, 3).reshape(x.getShape()));
    }

    private NDArray heads(NDArray x) {
      Shape shape = x.getShape();
      return x.reshape(shape.get(0), shape.get(1), heads, -1).transpose(0, 2, 1, 3);
    }
  }
}
