package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;

import ai.djl.ndarray.NDArray;
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
  NDArray apply(NDArray x, UnaryOperator<NDArray> activation, Runnable checkRunning) {
    NDArray tokens = x;
    for (Layer layer : layers) {
      checkRunning.run();
      tokens = replaced(tokens, input -> layer.apply(input, activation));
    }
    return tokens;
  }

  /**
   * A layer as two functions, with the activation between them.
   *
   * @param wide from x to x with what attention adds, and to the wide values of that
   * @param narrow from the first of the two and the activated wide values to the result
   */
  record Layer(ScriptFunction wide, ScriptFunction narrow) {

    private static final long[] NONE = {};

    static Layer of(LayerWeights weights, String name, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      int inner = sizes.feedForwardSize();
      String attention = name + ".self_attn";
      ScriptWriter wide = new ScriptWriter("x");
      String normed = norm(weights, name + ".layer_norm1", sizes).write(wide, "x");
      String mixed =
          wide.let(
              "torch.scaled_dot_product_attention(%s, %s, %s)",
              heads(wide, weights.linear(attention + ".q_proj", width, width), normed, sizes),
              heads(wide, weights.linear(attention + ".k_proj", width, width), normed, sizes),
              heads(wide, weights.linear(attention + ".v_proj", width, width), normed, sizes));
      String rows = wide.let("torch.flatten(torch.transpose(%s, 1, 2), 2)", mixed);
      String attended =
          wide.let(
              "torch.add(x, %s)",
              weights.linear(attention + ".out_proj", width, width).write(wide, rows));
      ScriptTerm first =
          norm(weights, name + ".layer_norm2", sizes)
              .then(weights.linear(name + ".mlp.fc1", inner, width));
      ScriptWriter narrow = new ScriptWriter("attended", "activated");
      ScriptTerm second = weights.linear(name + ".mlp.fc2", width, inner);
      return new Layer(
          wide.returning(attended, first.write(wide, attended)),
          narrow.returning(
              narrow.let("torch.add(attended, %s)", second.write(narrow, "activated"))));
    }

    /** A norm with mean and bias. */
    private static ScriptTerm norm(LayerWeights weights, String key, Architecture.Semantic sizes) {
      int width = sizes.hiddenSize();
      NDArray gain = weights.array(key + ".weight", width);
      NDArray bias = weights.array(key + ".bias", width);
      return (script, x) ->
          script.let(
              "torch.layer_norm(%s, [%s], %s, %s, %s)",
              x,
              width,
              script.weight(gain),
              script.weight(bias),
              TorchScript.literal(sizes.normEpsilon()));
    }

    /** [N, heads, L, size]. */
    private static String heads(
        ScriptWriter script, ScriptTerm projection, String x, Architecture.Semantic sizes) {
      return script.let(
          "torch.transpose(torch.view(%s, [torch.size(x, 0), torch.size(x, 1), %s, -1]), 1, 2)",
          projection.write(script, x), sizes.heads());
    }

    NDArray apply(NDArray x, UnaryOperator<NDArray> activation) {
      NDArray[] both = wide.callAll(x.getManager(), NONE, x);
      return narrow.call(both[0], activation.apply(both[1]));
    }
  }
}
