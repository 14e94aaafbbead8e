package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;

/** Flow time to time vector and time token (SPEC 3). */
final class TimeEmbeddingGraph {

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
    Value token = architecture.projectsHidden() ? layers.linear(vector, "time_embed_proj") : vector;

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
