package dev.showo2.export.graph;

import dev.showo2.export.onnx.GraphBuilder;
import dev.showo2.export.onnx.Ops;
import dev.showo2.export.onnx.Value;

/**
 * A single image, or the first frame of a video: the past is zero, so only the last time slice of
 * each kernel counts, and nothing is resampled in time.
 */
final class SingleFrame implements TimeAxis {

  private final GraphBuilder graph;

  SingleFrame(GraphBuilder graph) {
    this.graph = graph;
  }

  @Override
  public Value causal(Value x, String key, int channels) {
    return new Ops(graph)
        .convolution(
            x,
            graph.weight(Keys.imageKernel(key + ".weight")),
            graph.weight(key + ".bias"),
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
