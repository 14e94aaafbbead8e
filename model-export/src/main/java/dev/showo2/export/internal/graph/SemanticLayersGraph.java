package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.model.Architecture;

/** The SigLIP encoder layers of the semantic path: norm first, full attention, no final norm. */
record SemanticLayersGraph(Layers layers, Architecture.Semantic sizes) {

  Value apply(Value x) {
    for (int layer = 0; layer < sizes.layers(); layer++) {
      Value input = x;
      String key = "und_trans.layers." + layer;
      x = layers.graph.within("semantic." + layer, () -> layer(input, key));
    }
    return x;
  }

  private Value layer(Value x, String key) {
    OnnxOps ops = layers.ops;
    Value attended =
        attention(
            layers.layerNorm(x, key + ".layer_norm1", sizes.normEpsilon()), key + ".self_attn");
    x = ops.add(x, attended);
    Value normed = layers.layerNorm(x, key + ".layer_norm2", sizes.normEpsilon());
    Value wide = ops.geluTanh(layers.linear(normed, key + ".mlp.fc1"));
    return ops.add(x, layers.linear(wide, key + ".mlp.fc2"));
  }

  private Value attention(Value x, String key) {
    OnnxOps ops = layers.ops;
    int headSize = sizes.hiddenSize() / sizes.heads();
    Value queries = ops.transpose(heads(layers.linear(x, key + ".q_proj"), headSize), 0, 2, 1, 3);
    Value keys = ops.transpose(heads(layers.linear(x, key + ".k_proj"), headSize), 0, 2, 3, 1);
    Value values = ops.transpose(heads(layers.linear(x, key + ".v_proj"), headSize), 0, 2, 1, 3);
    Value scale = layers.graph.scalar((float) (1 / Math.sqrt(headSize)));
    Value weights = ops.softmax(ops.matrixProduct(ops.multiply(queries, scale), keys));
    Value result = ops.transpose(ops.matrixProduct(weights, values), 0, 2, 1, 3);
    return layers.linear(layers.withInner(result, sizes.hiddenSize()), key + ".out_proj");
  }

  private Value heads(Value x, int headSize) {
    return layers.withInner(x, sizes.heads(), headSize);
  }
}
