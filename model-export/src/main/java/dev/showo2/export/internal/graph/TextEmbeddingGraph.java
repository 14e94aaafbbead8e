package dev.showo2.export.internal.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.export.internal.onnx.WeightLocations;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;

/** Token ids [B, S] to embeddings [B, S, D]: rows of the embedding matrix. */
final class TextEmbeddingGraph {

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
