package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.Value;

/**
 * The first frame of a video: computed like a single image, and remembered for the frames to come.
 * Encoding remembers it where frames are halved; decoding doubles from the second latent frame on
 * and remembers zeros there.
 */
final class FirstChunk implements TimeAxis {

  private final SingleFrame frame;
  private final VaeStreamState past;

  FirstChunk(GraphBuilder graph) {
    this.frame = new SingleFrame(graph);
    this.past = new VaeStreamState(graph);
  }

  @Override
  public Value causal(Value x, String key, int channels) {
    past.rememberAfterZeros(x, channels);
    return frame.causal(x, key, channels);
  }

  @Override
  public Value downsample(Value x, String key, int channels) {
    past.remember(past.frames(x, 1, channels), 1, channels);
    return x;
  }

  @Override
  public Value upsample(Value x, String key, int channels) {
    past.rememberZeros(x, channels);
    return x;
  }
}
