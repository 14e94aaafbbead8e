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
 * The tokens of each frame to another grid, bilinearly, without aligned corners (SPEC 2): what
 * video understanding does after the fusion.
 */
final class FusionResizeGraph {

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
