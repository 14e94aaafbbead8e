package dev.showo2.export.internal.graph;

import static dev.showo2.model.GraphFile.FIRST;
import static dev.showo2.model.GraphFile.MAIN;
import static dev.showo2.model.GraphFile.NEXT;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** The ONNX graphs of a model, stage by stage. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class StageGraphs {

  private StageGraphs() {}

  /** Builds all graphs of a dialect, in the order of {@link Stage}. */
  public static List<StageGraph> build(Architecture a, WeightLocations w, Dialect d) {
    return Stream.concat(transformer(a, w, d).stream(), vae(a, w, d).stream()).toList();
  }

  private static List<StageGraph> transformer(Architecture a, WeightLocations w, Dialect d) {
    return List.of(
        new StageGraph(Stage.TEXT_EMBEDDING, MAIN, d, TextEmbeddingGraph.build(a, w, d)),
        new StageGraph(Stage.TIME_EMBEDDING, MAIN, d, TimeEmbeddingGraph.build(a, w, d)),
        new StageGraph(Stage.FUSION, MAIN, d, FusionGraph.build(a, w, d)),
        new StageGraph(Stage.FUSION_RESIZE, MAIN, d, FusionGraph.FusionResizeGraph.build(a, w, d)),
        new StageGraph(Stage.BACKBONE, MAIN, d, BackboneGraph.build(a, w, d)),
        new StageGraph(Stage.LANGUAGE_HEAD, MAIN, d, LanguageHeadGraph.build(a, w, d)),
        new StageGraph(Stage.FLOW_HEAD, MAIN, d, FlowHeadGraph.build(a, w, d)));
  }

  /** Those of the VAE alone, which refer to no other weights than its own. */
  public static List<StageGraph> vae(Architecture a, WeightLocations w, Dialect d) {
    return List.of(
        new StageGraph(
            Stage.VAE_IMAGE_ENCODER,
            MAIN,
            d,
            VaeGraphs.VaeEncoderGraph.build(a, w, VaeForm.IMAGE, d)),
        new StageGraph(
            Stage.VAE_IMAGE_DECODER,
            MAIN,
            d,
            VaeGraphs.VaeDecoderGraph.build(a, w, VaeForm.IMAGE, d)),
        new StageGraph(
            Stage.VAE_VIDEO_ENCODER,
            FIRST,
            d,
            VaeGraphs.VaeEncoderGraph.build(a, w, VaeForm.FIRST, d)),
        new StageGraph(
            Stage.VAE_VIDEO_ENCODER,
            NEXT,
            d,
            VaeGraphs.VaeEncoderGraph.build(a, w, VaeForm.NEXT, d)),
        new StageGraph(
            Stage.VAE_VIDEO_DECODER,
            FIRST,
            d,
            VaeGraphs.VaeDecoderGraph.build(a, w, VaeForm.FIRST, d)),
        new StageGraph(
            Stage.VAE_VIDEO_DECODER,
            NEXT,
            d,
            VaeGraphs.VaeDecoderGraph.build(a, w, VaeForm.NEXT, d)));
  }

  /** Hidden states of the chosen positions to logits: hidden · Wᵀ (SPEC 5). */
  private static final class LanguageHeadGraph {

    private LanguageHeadGraph() {}

    static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
      GraphBuilder graph = new GraphBuilder("language_head", weights, dialect);
      int hiddenSize = architecture.backbone().hiddenSize();
      Value hidden = graph.input("hidden", DataType.FLOAT32, "batch", "sequence", hiddenSize);
      Value positions = graph.input("positions", DataType.INT64, "chosen");
      Value chosen = new OnnxOps(graph).gather(hidden, positions, 1);
      Layers layers = new Layers(graph, chosen);
      Value logits =
          layers.linearWithoutBias(chosen, GraphKeys.languageHead(architecture.backbone()));
      graph.output(
          layers.marked(logits),
          "logits",
          DataType.FLOAT32,
          "batch",
          "chosen",
          architecture.backbone().vocabularySize());
      return graph.build();
    }
  }

  /** Token ids [B, S] to embeddings [B, S, D]: rows of the embedding matrix. */
  private static final class TextEmbeddingGraph {

    private TextEmbeddingGraph() {}

    static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
      GraphBuilder graph = new GraphBuilder("text_embedding", weights, dialect);
      Value ids = graph.input("ids", DataType.INT64, "batch", "sequence");
      Value embeddings = rows(graph, ids);
      graph.output(
          embeddings,
          "embeddings",
          DataType.FLOAT32,
          "batch",
          "sequence",
          architecture.backbone().hiddenSize());
      return graph.build();
    }

    /** Only the rows that are asked for are made 32-bit floats. */
    private static Value rows(GraphBuilder graph, Value ids) {
      OnnxOps ops = new OnnxOps(graph);
      Value rows = ops.gather(graph.stored(GraphKeys.EMBEDDING), ids, 0);
      return switch (graph.weightType(GraphKeys.EMBEDDING)) {
        case FLOAT32 -> rows;
        case INT8 -> {
          Value scales = graph.stored(WeightEncoding.scaleKey(GraphKeys.EMBEDDING));
          yield ops.multiply(ops.toFloat(rows), ops.unsqueeze(ops.gather(scales, ids, 0), -1));
        }
        default -> ops.toFloat(rows);
      };
    }
  }

  /** Flow time to time vector and time token (SPEC 3). */
  private static final class TimeEmbeddingGraph {

    private static final double LONGEST_PERIOD = 10_000;

    private TimeEmbeddingGraph() {}

    static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
      GraphBuilder graph = new GraphBuilder("time_embedding", weights, dialect);
      OnnxOps ops = new OnnxOps(graph);
      Value time = graph.input("time", DataType.FLOAT32, "batch");
      float[] frequencies = frequencies();
      Value angles =
          ops.multiply(ops.unsqueeze(time, 1), graph.floats(frequencies, 1, frequencies.length));
      // One token per row, so that the layers see [B, 1, ·].
      Value sinusoid = ops.unsqueeze(ops.concat(-1, ops.cosine(angles), ops.sine(angles)), 1);

      Layers layers = new Layers(graph, sinusoid);
      Value vector =
          layers.linear(ops.silu(layers.linear(sinusoid, "time_embed.mlp.0")), "time_embed.mlp.2");
      Value token =
          architecture.projectsHidden() ? layers.linear(vector, "time_embed_proj") : vector;

      graph.output(
          ops.squeeze(vector, 1),
          "vector",
          DataType.FLOAT32,
          "batch",
          architecture.flowHead().hiddenSize());
      graph.output(
          token, "token", DataType.FLOAT32, "batch", 1, architecture.backbone().hiddenSize());
      return graph.build();
    }

    private static float[] frequencies() {
      float[] frequencies = new float[Architecture.TIME_FREQUENCIES / 2];
      for (int i = 0; i < frequencies.length; i++) {
        float exponent = (float) -Math.log(LONGEST_PERIOD) * i / frequencies.length;
        frequencies[i] = (float) Math.exp(exponent);
      }
      return frequencies;
    }
  }

  /** The Qwen2.5 decoder over one segment (SPEC 4). */
  private static final class BackboneGraph {

    private BackboneGraph() {}

    static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
      Architecture.Decoder sizes = architecture.backbone();
      GraphBuilder graph = new GraphBuilder("backbone", weights, dialect);
      Value x =
          graph.input("embeddings", DataType.FLOAT32, "batch", "sequence", sizes.hiddenSize());
      Layers layers = new Layers(graph, x);
      CachedAttentionGraph attention =
          CachedAttentionGraph.of(
              layers,
              x,
              new CachedAttentionGraph.Heads(
                  sizes.heads(), sizes.keyValueHeads(), sizes.headSize()),
              RotaryFrequencies.plain(sizes.ropeTheta(), sizes.headSize()));
      for (int layer = 0; layer < sizes.layers(); layer++) {
        x = layer(layers, attention, sizes, layer, x);
      }
      Value hidden = layers.rmsNorm(x, "showo.model.norm", sizes.normEpsilon());
      graph.output(
          layers.marked(hidden),
          "hidden",
          DataType.FLOAT32,
          "batch",
          "sequence",
          sizes.hiddenSize());
      return graph.build();
    }

    private static Value layer(
        Layers layers,
        CachedAttentionGraph attention,
        Architecture.Decoder sizes,
        int layer,
        Value x) {
      String key = "showo.model.layers." + layer;
      OnnxOps ops = layers.ops;
      return layers.graph.within(
          "layer." + layer,
          () -> {
            Value normed = layers.rmsNorm(x, key + ".input_layernorm", sizes.normEpsilon());
            Value values = layers.linear(normed, key + ".self_attn.v_proj");
            boolean last = layer == sizes.layers() - 1;
            Value attended =
                attention.attend(
                    layer,
                    layers.linear(normed, key + ".self_attn.q_proj"),
                    layers.linear(normed, key + ".self_attn.k_proj"),
                    last ? layers.markedForCache(values) : values,
                    CachedAttentionGraph.HeadNorm.NONE);
            Value mixed = ops.add(x, layers.linearWithoutBias(attended, key + ".self_attn.o_proj"));
            Value mixedNormed =
                layers.rmsNorm(mixed, key + ".post_attention_layernorm", sizes.normEpsilon());
            return ops.add(mixed, layers.swiGlu(mixedNormed, key + ".mlp"));
          });
    }
  }
}
