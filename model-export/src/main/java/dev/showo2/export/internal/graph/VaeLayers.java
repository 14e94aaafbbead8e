package dev.showo2.export.internal.graph;

import dev.showo2.export.internal.onnx.Dialect;
import dev.showo2.export.internal.onnx.GraphBuilder;
import dev.showo2.export.internal.onnx.OnnxOps;
import dev.showo2.export.internal.onnx.Value;
import java.util.List;

/**
 * The layers of the Wan2.1 VAE over frames [B·F, C, h, w] (SPEC 1). What they do along time is left
 * to a {@link TimeAxis}.
 */
final class VaeLayers {

  /** Below this length a vector of channels is not divided by its own length. */
  private static final float SHORTEST = 1e-12f;

  final GraphBuilder graph;
  final OnnxOps ops;

  private final TimeAxis time;

  VaeLayers(GraphBuilder graph, TimeAxis time) {
    this.graph = graph;
    this.ops = new OnnxOps(graph);
    this.time = time;
  }

  /** shortcut(x) + conv(SiLU(norm(conv(SiLU(norm(x)))))). */
  Value residual(Value x, String key, int in, int out) {
    return graph.within(
        key,
        () -> {
          Value first = causal(ops.silu(norm(x, key + ".residual.0", in)), key + ".residual.2", in);
          Value second =
              causal(ops.silu(norm(first, key + ".residual.3", out)), key + ".residual.6", out);
          Value shortcut = in == out ? x : pointwise(x, key + ".shortcut", in, out);
          return ops.add(second, shortcut);
        });
  }

  /** x + proj(attention(qkv(norm(x)))): one head over all positions of the image. */
  Value attention(Value x, String key, int channels) {
    return graph.within(
        key,
        () -> {
          Value qkv =
              pointwise(norm(x, key + ".norm", channels), key + ".to_qkv", channels, 3 * channels);
          // [B, 3C, h, w] -> three of [B, C, h·w]
          List<Value> parts = ops.split(ops.reshape(qkv, 0, 3 * channels, -1), 3, 1);
          Value mixed =
              graph.dialect() == Dialect.ORT
                  ? ops.flashAttention(
                      ops.transpose(parts.get(0), 0, 2, 1),
                      ops.transpose(parts.get(1), 0, 2, 1),
                      ops.transpose(parts.get(2), 0, 2, 1),
                      1)
                  : attend(parts, channels);
          Value image = ops.reshape(ops.transpose(mixed, 0, 2, 1), ops.shape(x, 0, 4));
          return ops.add(x, pointwise(image, key + ".proj", channels, channels));
        });
  }

  /** [B, h·w, C] of queries, keys and values [B, C, h·w]. */
  private Value attend(List<Value> parts, int channels) {
    Value queries =
        ops.multiply(
            ops.transpose(parts.get(0), 0, 2, 1), graph.scalar((float) (1 / Math.sqrt(channels))));
    Value weights = ops.softmax(ops.matrixProduct(queries, parts.get(1)));
    return ops.matrixProduct(weights, ops.transpose(parts.get(2), 0, 2, 1));
  }

  /** Residual, attention, residual, all of one width. */
  Value middle(Value x, String key, int channels) {
    x = residual(x, key + ".0", channels, channels);
    x = attention(x, key + ".1", channels);
    return residual(x, key + ".2", channels, channels);
  }

  /** Norm, SiLU, 3×3. */
  Value head(Value x, String key, int channels) {
    return causal(ops.silu(norm(x, key + ".0", channels)), key + ".2", channels);
  }

  /** x / max(‖x‖, 1e-12) over channels, times √C and a gain per channel. */
  private Value norm(Value x, String key, int channels) {
    Value length = ops.maximum(ops.euclideanNorm(x, 1), graph.scalar(SHORTEST));
    Value scaled = ops.multiply(ops.divide(x, length), graph.scalar((float) Math.sqrt(channels)));
    return ops.multiply(scaled, graph.weight(key + ".gamma", 1, channels, 1, 1));
  }

  /** A causal 3×3×3 convolution. */
  Value causal(Value x, String key, int in) {
    return time.causal(x, key, in);
  }

  /** A 1×1 convolution, whatever axes its kernel is stored with. */
  Value pointwise(Value x, String key, int in, int out) {
    return ops.convolution(
        x,
        graph.weight(key + ".weight", out, in, 1, 1),
        graph.weight(key + ".bias"),
        1,
        1,
        0,
        0,
        0,
        0);
  }

  /**
   * Half as wide and high: zeros on the right and bottom, 3×3 with stride 2.
   *
   * @param temporal whether the number of frames is halved too
   */
  Value downsample(Value x, String key, int channels, boolean temporal) {
    Value smaller =
        ops.convolution(
            x,
            graph.weight(key + ".resample.1.weight"),
            graph.weight(key + ".resample.1.bias"),
            3,
            2,
            0,
            0,
            1,
            1);
    return temporal ? time.downsample(smaller, key, channels) : smaller;
  }

  /**
   * Twice as wide and high, and half the channels.
   *
   * @param temporal whether the number of frames is doubled first
   */
  Value upsample(Value x, String key, int channels, boolean temporal) {
    Value frames = temporal ? time.upsample(x, key, channels) : x;
    return ops.convolution(
        ops.doubleNearest(frames),
        graph.weight(key + ".resample.1.weight"),
        graph.weight(key + ".resample.1.bias"),
        3,
        1,
        1,
        1,
        1,
        1);
  }

  /** [B, C, F, h, w] -> [B·F, C, h, w]. */
  Value framesOf(Value video, int channels) {
    Value shape = ops.concat(0, graph.integers(-1, channels), ops.shape(video, 3, 5));
    return ops.reshape(ops.transpose(video, 0, 2, 1, 3, 4), shape);
  }

  /** [B·F, C, h, w] -> [B, C, F, h, w]. */
  Value videoOf(Value frames, int count, int channels) {
    Value shape = ops.concat(0, graph.integers(-1, count, channels), ops.shape(frames, 2, 4));
    return ops.transpose(ops.reshape(frames, shape), 0, 2, 1, 3, 4);
  }

  /** One number per latent channel, for broadcasting over [B, C, h, w]. */
  Value perChannel(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return graph.floats(array, 1, array.length, 1, 1);
  }
}
