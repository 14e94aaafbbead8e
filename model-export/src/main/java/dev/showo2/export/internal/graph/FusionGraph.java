package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;

/**
 * Dual-path fusion, frame by frame (SPEC 2): latents go through the semantic layers on one path and
 * through a projector on the other; a norm and a small network join the two into tokens.
 */
final class FusionGraph {

  private static final double FUSION_NORM_EPSILON = 1e-6;

  private final Architecture architecture;
  private final GraphBuilder graph;
  private final OnnxOps ops;

  private FusionGraph(Architecture architecture, WeightLocations weights, Dialect dialect) {
    this.architecture = architecture;
    this.graph = new GraphBuilder("fusion", weights, dialect);
    this.ops = new OnnxOps(graph);
  }

  static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
    return new FusionGraph(architecture, weights, dialect).build();
  }

  private ModelProto build() {
    int channels = architecture.vae().latentChannels();
    int hiddenSize = architecture.backbone().hiddenSize();
    Value latents =
        graph.input("latents", DataType.FLOAT32, "batch", channels, "frames", "height", "width");
    Value frames = frames(latents, channels);

    Value semanticPatches = patches(frames, "image_embedder_und.proj");
    Value projectorPatches = patches(frames, "image_embedder_gen.proj");
    Value semantic = tokens(semanticPatches, architecture.semantic().hiddenSize());
    Value projected = tokens(projectorPatches, hiddenSize);
    Layers layers = new Layers(graph, semantic);
    semantic = ops.add(semantic, positions(semanticPatches));
    semantic = new SemanticLayersGraph(layers, architecture.semantic()).apply(semantic);

    Value both = ops.concat(-1, semantic, projected);
    Value normed = layers.rmsNorm(both, "fusion_proj.0", FUSION_NORM_EPSILON);
    Value wide = ops.gelu(layers.linear(normed, "fusion_proj.1"));
    Value fused = layers.marked(layers.linear(wide, "fusion_proj.3"));

    Value perBatch =
        ops.reshape(fused, ops.concat(0, ops.shape(latents, 0, 1), graph.integers(-1, hiddenSize)));
    graph.output(perBatch, "tokens", DataType.FLOAT32, "batch", "tokens", hiddenSize);
    return graph.build();
  }

  /** [B, C, T, h, w] -> [B·T, C, h, w]. */
  private Value frames(Value latents, int channels) {
    Value byFrame = ops.transpose(latents, 0, 2, 1, 3, 4);
    Value shape = ops.concat(0, graph.integers(-1, channels), ops.shape(latents, 3, 5));
    return ops.reshape(byFrame, shape);
  }

  /** Convolution over patches [F, C, h, w] -> [F, width, h/p, w/p]. */
  private Value patches(Value frames, String key) {
    return ops.convolution(
        frames,
        graph.weight(key + ".weight"),
        graph.weight(key + ".bias"),
        architecture.patchSize(),
        architecture.patchSize(),
        0,
        0,
        0,
        0);
  }

  /** [F, width, rows, columns] -> [F, L, width]. */
  private Value tokens(Value patches, int width) {
    return ops.transpose(ops.reshape(patches, 0, width, -1), 0, 2, 1);
  }

  /** The position table [1, L, E], interpolated if the checkpoint is made for another grid. */
  private Value positions(Value patches) {
    Architecture.Semantic semantic = architecture.semantic();
    int width = semantic.hiddenSize();
    String key = "position_embedding.weight";
    if (!architecture.interpolatesPositions()) {
      return graph.weight(key, 1, semantic.positions(), width);
    }
    int side = (int) Math.round(Math.sqrt(semantic.positions()));
    Value square = ops.transpose(graph.weight(key, 1, side, side, width), 0, 3, 1, 2);
    Value sizes = ops.concat(0, graph.integers(1, width), ops.shape(patches, 2, 4));
    return tokens(ops.resizeBicubic(square, sizes), width);
  }

  /**
   * The tokens of each frame to another grid, bilinearly, without aligned corners (SPEC 2): what
   * video understanding does after the fusion.
   */
  static final class FusionResizeGraph {

    private FusionResizeGraph() {}

    static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
      GraphBuilder graph = new GraphBuilder("fusion_resize", weights, dialect);
      OnnxOps ops = new OnnxOps(graph);
      int width = architecture.backbone().hiddenSize();
      Value tokens = graph.input("tokens", DataType.FLOAT32, "batch", "tokens", width);
      Value rows = graph.input("rows", DataType.INT64, 1);
      Value columns = graph.input("columns", DataType.INT64, 1);
      Value newRows = graph.input("new_rows", DataType.INT64, 1);
      Value newColumns = graph.input("new_columns", DataType.INT64, 1);

      // [B, T·rows·columns, D] -> [B·T, rows, columns, D] -> [B·T, D, rows, columns]
      Value frames =
          ops.reshape(
              tokens, ops.concat(0, graph.integers(-1), rows, columns, graph.integers(width)));
      Value images = ops.transpose(frames, 0, 3, 1, 2);
      Value sizes = ops.concat(0, ops.shape(images, 0, 2), newRows, newColumns);
      Value resized = ops.transpose(ops.resizeBilinear(images, sizes), 0, 2, 3, 1);
      Value perBatch =
          ops.reshape(resized, ops.concat(0, ops.shape(tokens, 0, 1), graph.integers(-1, width)));
      graph.output(perBatch, "resized", DataType.FLOAT32, "batch", "new_tokens", width);
      return graph.build();
    }
  }

  /** The SigLIP encoder layers of the semantic path: norm first, full attention, no final norm. */
  private record SemanticLayersGraph(Layers layers, Architecture.Semantic sizes) {

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
      Value queries = layers.linear(x, key + ".q_proj");
      Value keys = layers.linear(x, key + ".k_proj");
      Value values = layers.linear(x, key + ".v_proj");
      Value result =
          layers.graph.dialect() == Dialect.ORT
              ? layers.ops.flashAttention(queries, keys, values, sizes.heads())
              : attend(queries, keys, values);
      return layers.linear(result, key + ".out_proj");
    }

    private Value attend(Value queryRows, Value keyRows, Value valueRows) {
      OnnxOps ops = layers.ops;
      int headSize = sizes.hiddenSize() / sizes.heads();
      Value queries = ops.transpose(heads(queryRows, headSize), 0, 2, 1, 3);
      Value keys = ops.transpose(heads(keyRows, headSize), 0, 2, 3, 1);
      Value values = ops.transpose(heads(valueRows, headSize), 0, 2, 1, 3);
      Value scale = layers.graph.scalar((float) (1 / Math.sqrt(headSize)));
      Value weights = ops.softmax(ops.matrixProduct(ops.multiply(queries, scale), keys));
      Value result = ops.transpose(ops.matrixProduct(weights, values), 0, 2, 1, 3);
      return layers.withInner(result, sizes.hiddenSize());
    }

    private Value heads(Value x, int headSize) {
      return layers.withInner(x, sizes.heads(), headSize);
    }
  }
}
