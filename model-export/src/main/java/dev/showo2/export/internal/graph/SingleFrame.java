package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;

/**
 * A single image, or the first frame of a video: the frames before it are zero, so only the last
 * time slice of each kernel counts, and nothing is resampled in time.
 */
final class SingleFrame implements TimeAxis {

  private final GraphBuilder graph;

  SingleFrame(GraphBuilder graph) {
    this.graph = graph;
  }

  @Override
  public Value causal(Value x, String key, int channels) {
    return new OnnxOps(graph)
        .convolution(
            x,
            graph.weight(GraphKeys.imageKernel(key + ".weight")),
            graph.weight(key + ".bias"),
            3,
            1,
            1,
            1,
            1,
            1);
  }

  @Override
  public Value downsample(Value x, String key, int channels) {
    return x;
  }

  @Override
  public Value upsample(Value x, String key, int channels) {
    return x;
  }
}
