package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.model.Architecture;

/** Hidden states of the chosen positions to logits: hidden · Wᵀ (SPEC 5). */
final class LanguageHeadGraph {

  private LanguageHeadGraph() {}

  static ModelProto build(Architecture architecture, WeightLocations weights, Dialect dialect) {
    GraphBuilder graph = new GraphBuilder("language_head", weights, dialect);
    int hiddenSize = architecture.backbone().hiddenSize();
    Value hidden = graph.input("hidden", DataType.FLOAT32, "batch", "sequence", hiddenSize);
    Value positions = graph.input("positions", DataType.INT64, "chosen");
    Value chosen = new OnnxOps(graph).gather(hidden, positions, 1);
    Value logits =
        new Layers(graph, chosen)
            .linearWithoutBias(chosen, GraphKeys.languageHead(architecture.backbone()));
    graph.output(
        logits,
        "logits",
        DataType.FLOAT32,
        "batch",
        "chosen",
        architecture.backbone().vocabularySize());
    return graph.build();
  }
}
