package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import dev.showo2.model.Architecture;
import java.util.ArrayList;
import java.util.List;

/** The networks that the VAE is exported as: it treats a first frame unlike later ones. */
enum VaeForm {
  /** An image. */
  IMAGE,
  /** The first frame of a video; leaves a stream state. */
  FIRST,
  /**
   * The next latent frame and the video frames that it decodes to; takes a stream state and leaves
   * one.
   */
  NEXT;

  TimeAxis timeAxis(GraphBuilder graph, int frames) {
    return switch (this) {
      case IMAGE -> new SingleFrame(graph);
      case FIRST -> new FirstChunk(graph);
      case NEXT -> new NextChunk(graph, frames);
    };
  }

  /** Video frames for each latent frame. */
  int videoFrames() {
    return this == NEXT ? Architecture.VAE_TEMPORAL_FACTOR : 1;
  }

  /**
   * The first frame of a video: computed like a single image, and remembered for the frames to
   * come. Encoding remembers it where frames are halved; decoding doubles from the second latent
   * frame on and remembers zeros there.
   */
  static final class FirstChunk implements TimeAxis {

    private final SingleFrame frame;
    private final VaeStreamState state;

    FirstChunk(GraphBuilder graph) {
      this.frame = new SingleFrame(graph);
      this.state = new VaeStreamState(graph);
    }

    @Override
    public Value causal(Value x, String key, int channels) {
      state.rememberAfterZeros(x, channels);
      return frame.causal(x, key, channels);
    }

    @Override
    public Value downsample(Value x, String key, int channels) {
      state.remember(state.frames(x, 1, channels), 1, channels);
      return x;
    }

    @Override
    public Value upsample(Value x, String key, int channels) {
      state.rememberZeros(x, channels);
      return x;
    }
  }

  /** A later chunk of a video, computed against what the chunks before it left. */
  static final class NextChunk implements TimeAxis {

    private static final int KERNEL = 3;

    private final GraphBuilder graph;
    private final OnnxOps ops;
    private final VaeStreamState state;

    /** Frames at the level that the network has reached. */
    private int frames;

    /**
     * @param frames of the chunk where it enters the network
     */
    NextChunk(GraphBuilder graph, int frames) {
      this.graph = graph;
      this.ops = new OnnxOps(graph);
      this.state = new VaeStreamState(graph);
      this.frames = frames;
    }

    @Override
    public Value causal(Value x, String key, int channels) {
      Value all = joinState(x, VaeStreamState.CAUSAL, channels);
      return convolve(all, frames, 1, key, channels, KERNEL, 1);
    }

    /** Stride 2 over the last frame of the chunk before and this chunk, without padding. */
    @Override
    public Value downsample(Value x, String key, int channels) {
      Value all = joinState(x, 1, channels);
      frames /= 2;
      return convolve(all, frames, 2, key + ".time_conv", channels, 1, 0);
    }

    /** A causal convolution to twice the channels: of each two frames first the earlier. */
    @Override
    public Value upsample(Value x, String key, int channels) {
      Value all = joinState(x, VaeStreamState.CAUSAL, channels);
      Value pairs = convolve(all, frames, 1, key + ".time_conv", channels, 1, 0);
      frames *= 2;
      Value shape = ops.concat(0, graph.integers(-1, channels), ops.shape(x, 2, 4));
      return ops.reshape(pairs, shape);
    }

    /** [B, remembered + F, C, h, w]; its last frames are remembered. */
    private Value joinState(Value x, int remembered, int channels) {
      Value all =
          ops.concat(1, state.recall(remembered, channels), state.frames(x, frames, channels));
      state.remember(ops.slice(all, 1, frames, frames + remembered, 1), remembered, channels);
      return all;
    }

    /**
     * A convolution over three frames as a two-dimensional one over three times the channels. With
     * frames as the inner of the two, the kernel's bytes are already in the right order.
     *
     * @param all [B, frames, C, h, w]
     * @param outputs number of frames to compute
     */
    private Value convolve(
        Value all, int outputs, int stride, String key, int channels, int kernel, int pad) {
      List<Value> shifted = new ArrayList<>();
      for (int offset = 0; offset < KERNEL; offset++) {
        long end = offset + (long) (outputs - 1) * stride + 1;
        shifted.add(ops.unsqueeze(ops.slice(all, 1, offset, end, stride), 3));
      }
      Value stacked = ops.concat(3, shifted.toArray(Value[]::new));
      Value shape =
          ops.concat(0, graph.integers(-1, (long) KERNEL * channels), ops.shape(all, 3, 5));
      long[] weightShape = graph.weightShape(key + ".weight");
      Value weight =
          graph.weight(key + ".weight", weightShape[0], (long) KERNEL * channels, kernel, kernel);
      return ops.convolution(
          ops.reshape(stacked, shape),
          weight,
          graph.weight(key + ".bias"),
          kernel,
          1,
          pad,
          pad,
          pad,
          pad);
    }
  }
}
