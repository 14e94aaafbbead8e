package dev.showo2.export.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.showo2.export.onnx.DataType;
import dev.showo2.export.onnx.Dialect;
import dev.showo2.export.onnx.GraphBuilder;
import dev.showo2.export.onnx.Ops;
import dev.showo2.export.onnx.Value;
import dev.showo2.export.onnx.WeightLocations;
import dev.showo2.export.quantization.WeightEncoding;
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
    Ops ops = new Ops(graph);
    Value rows = ops.gather(graph.stored(Keys.EMBEDDING), ids, 0);
    return switch (graph.weightType(Keys.EMBEDDING)) {
      case FLOAT32 -> rows;
      case INT8 -> {
        Value scales = graph.stored(WeightEncoding.scaleKey(Keys.EMBEDDING));
        yield ops.multiply(ops.toFloat(rows), ops.unsqueeze(ops.gather(scales, ids, 0), -1));
      }
      default -> ops.toFloat(rows);
    };
  }
}
