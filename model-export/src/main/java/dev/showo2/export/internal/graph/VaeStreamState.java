package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.DataType;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;

/**
 * State of a stream between chunks: the last frames that each convolution over time has seen, as
 * inputs {@code past_n} and outputs {@code present_n} [B, frames, C, h, w] in the order in which
 * the network meets them.
 */
final class VaeStreamState {

  /** Frames that a causal convolution sees before the one it computes. */
  static final int CAUSAL = 2;

  private final GraphBuilder graph;
  private final OnnxOps ops;
  private int recalled;
  private int remembered;

  VaeStreamState(GraphBuilder graph) {
    this.graph = graph;
    this.ops = new OnnxOps(graph);
  }

  /** The frames that the chunk before remembered at this level. */
  Value recall(int frames, int channels) {
    int index = recalled++;
    return graph.input(
        "past_" + index,
        DataType.FLOAT32,
        "batch",
        frames,
        channels,
        "height_" + index,
        "width_" + index);
  }

  /**
   * @param x [B, frames, C, h, w]
   */
  void remember(Value x, int frames, int channels) {
    int index = remembered++;
    graph.output(
        x,
        "present_" + index,
        DataType.FLOAT32,
        "batch",
        frames,
        channels,
        "height_" + index,
        "width_" + index);
  }

  /** Remembers one frame [B, C, h, w] with zeros before it. */
  void rememberAfterZeros(Value x, int channels) {
    Value frame = frames(x, 1, channels);
    remember(ops.concat(1, ops.zerosLike(frame), frame), CAUSAL, channels);
  }

  /** Remembers zeros of the size of a frame [B, C, h, w]. */
  void rememberZeros(Value x, int channels) {
    Value zeros = ops.zerosLike(frames(x, 1, channels));
    remember(ops.concat(1, zeros, zeros), CAUSAL, channels);
  }

  /** [B·F, C, h, w] -> [B, F, C, h, w]. */
  Value frames(Value x, int frames, int channels) {
    Value shape = ops.concat(0, graph.integers(-1, frames, channels), ops.shape(x, 2, 4));
    return ops.reshape(x, shape);
  }
}
