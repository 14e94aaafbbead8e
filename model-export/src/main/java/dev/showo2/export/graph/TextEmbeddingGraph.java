package dev.showo2.export.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.onnx.DataType;
import dev.showo2.export.onnx.GraphBuilder;
import dev.showo2.export.onnx.Ops;
import dev.showo2.export.onnx.Value;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.model.Architecture;

/** Token ids [B, S] to embeddings [B, S, D]: rows of the embedding matrix. */
final class TextEmbeddingGraph {

  private TextEmbeddingGraph() {}

  static ModelProto build(Architecture architecture, WeightLocations weights) {
    GraphBuilder graph = new GraphBuilder("text_embedding", weights);
    Value ids = graph.input("ids", DataType.INT64, "batch", "sequence");
    Value embeddings = new Ops(graph).gather(graph.weight(Keys.EMBEDDING), ids, 0);
    graph.output(
        embeddings,
        "embeddings",
        DataType.FLOAT32,
        "batch",
        "sequence",
        architecture.backbone().hiddenSize());
    return graph.build();
  }
}
