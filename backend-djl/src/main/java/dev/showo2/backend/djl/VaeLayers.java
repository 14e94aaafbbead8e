package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.NdScopes.replaced;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The layers that encoder and decoder of the VAE are made of, from the names of their weights (SPEC
 * 1). They are not trained, and write in place where an array is their own.
 */
record VaeLayers(DjlWeights weights) {

  /** A part of the VAE: frames [B, C, T, H, W] of one chunk to frames. */
  @FunctionalInterface
  interface Layer {

    NDArray apply(NDArray frames, VaeMemory memory);

    /** One after the other; what is in between is freed. */
    static Layer sequence(List<Layer> layers) {
      List<Layer> inOrder = List.copyOf(layers);
      return (frames, memory) -> {
        NDArray x = NdScopes.view(frames, frames.getManager());
        for (Layer layer : inOrder) {
          x = replaced(x, input -> layer.apply(input, memory));
        }
        return x;
      };
    }
  }

  /** 3×3×3. */
  Layer causal(String key, int in, int out) {
    return new CausalConvolution(
        key,
        weights.array(key + ".weight", out, in, 3, 3, 3),
        Optional.of(weights.array(key + ".weight.image", out, in, 3, 3)),
        weights.array(key + ".bias", out));
  }

  /** 1×1×1. */
  Layer pointwise(String key, int in, int out) {
    NDArray kernel = weights.array(key + ".weight", out, in, 1, 1, 1);
    NDArray bias = weights.array(key + ".bias", out);
    return (frames, memory) -> Conv3d.conv3d(frames, kernel, bias).singletonOrThrow();
  }

  /** shortcut(x) + conv(SiLU(norm(conv(SiLU(norm(x)))))). */
  Layer residual(String key, int in, int out) {
    Layer path =
        Layer.sequence(
            List.of(
                normAndActivation(key + ".residual.0", in),
                causal(key + ".residual.2", in, out),
                normAndActivation(key + ".residual.3", out),
                causal(key + ".residual.6", out, out)));
    if (in == out) {
      return (frames, memory) -> path.apply(frames, memory).addi(frames);
    }
    Layer shortcut = pointwise(key + ".shortcut", in, out);
    return (frames, memory) -> path.apply(frames, memory).addi(shortcut.apply(frames, memory));
  }

  /** Residual, attention within each frame, residual. */
  Layer middle(String key, int channels) {
    return Layer.sequence(
        List.of(
            residual(key + ".0", channels, channels),
            FrameAttention.of(weights, key + ".1", channels),
            residual(key + ".2", channels, channels)));
  }

  /** Norm, SiLU, 3×3×3. */
  Layer head(String key, int in, int out) {
    return Layer.sequence(List.of(normAndActivation(key + ".0", in), causal(key + ".2", in, out)));
  }

  Layer downsampling(String key, int channels, boolean temporal) {
    return new Downsampling(
        key,
        weights.array(key + ".resample.1.weight", channels, channels, 3, 3),
        weights.array(key + ".resample.1.bias", channels),
        temporal
            ? Optional.of(weights.array(key + ".time_conv.weight", channels, channels, 3, 1, 1))
            : Optional.empty(),
        temporal
            ? Optional.of(weights.array(key + ".time_conv.bias", channels))
            : Optional.empty());
  }

  Layer upsampling(String key, int channels, boolean temporal) {
    String time = key + ".time_conv";
    return new Upsampling(
        temporal
            ? Optional.of(
                new CausalConvolution(
                    time,
                    weights.array(time + ".weight", 2L * channels, channels, 3, 1, 1),
                    Optional.empty(),
                    weights.array(time + ".bias", 2L * channels)))
            : Optional.empty(),
        weights.array(key + ".resample.1.weight", channels / 2, channels, 3, 3),
        weights.array(key + ".resample.1.bias", channels / 2));
  }

  private Layer normAndActivation(String key, int channels) {
    ChannelNorm norm = new ChannelNorm(weights.array(key + ".gamma", channels, 1, 1, 1));
    return (frames, memory) -> TorchFunctions.siluInPlace(norm.apply(frames));
  }

  /**
   * x / max(‖x‖ over channels, 1e-12) · √C · gain.
   *
   * @param gain [C, 1, ..]
   */
  private record ChannelNorm(NDArray gain) {

    NDArray apply(NDArray x) {
      NDArray scaled = NdScopes.view(gain, x.getManager()).mul(Math.sqrt(x.getShape().get(1)));
      return TorchFunctions.unitLength(x).muli(scaled);
    }
  }

  /**
   * A convolution over a frame and the two before it: its own last two inputs, of earlier chunks
   * too, and zeros before the first.
   *
   * @param image the kernel's last time slice, which is all that a first frame meets
   */
  private record CausalConvolution(
      String key, NDArray kernel, Optional<NDArray> image, NDArray bias) implements Layer {

    private static final int KEPT = 2;
    private static final Shape ONE = new Shape(1, 1, 1);

    @Override
    public NDArray apply(NDArray frames, VaeMemory memory) {
      if (memory.isFirstChunk()) {
        memory.remember(key, frames);
        NDArray frame = TorchFunctions.channelsLast(frames.squeeze(2));
        return Conv2d.conv2d(frame, image.orElseThrow(), bias, new Shape(1, 1), new Shape(1, 1))
            .singletonOrThrow()
            .expandDims(2);
      }
      NDArray all = withPrefix(frames, memory);
      long count = all.getShape().get(2);
      memory.remember(key, all.get(new NDIndex(":, :, {}:", count - KEPT)));
      long side = kernel.getShape().get(4);
      return Conv3d.conv3d(all, kernel, bias, ONE, new Shape(0, side / 2, side / 2))
          .singletonOrThrow();
    }

    private NDArray withPrefix(NDArray frames, VaeMemory memory) {
      NDArray all =
          memory
              .recall(key, frames.getManager())
              .map(kept -> kept.concat(frames, 2))
              .orElse(frames);
      long missing = KEPT + frames.getShape().get(2) - all.getShape().get(2);
      if (missing == 0) {
        return all;
      }
      long[] zeros = all.getShape().getShape().clone();
      zeros[2] = missing;
      return frames.getManager().zeros(new Shape(zeros), DataType.FLOAT32).concat(all, 2);
    }
  }

  /**
   * Half the size, then half the number of frames.
   *
   * @param kernel 3×3 with stride 2, zeros on the right and below
   * @param timeKernel over three frames with stride 2; none where the number of frames stays
   */
  private record Downsampling(
      String key,
      NDArray kernel,
      NDArray bias,
      Optional<NDArray> timeKernel,
      Optional<NDArray> timeBias)
      implements Layer {

    @Override
    public NDArray apply(NDArray frames, VaeMemory memory) {
      NDArray smaller =
          EachFrame.apply(
              frames,
              frame ->
                  Conv2d.conv2d(frame.pad(new Shape(0, 1, 0, 1), 0), kernel, bias, new Shape(2, 2))
                      .singletonOrThrow());
      if (timeKernel.isEmpty()) {
        return smaller;
      }
      long count = smaller.getShape().get(2);
      memory.remember(key, smaller.get(new NDIndex(":, :, {}:", count - 1)));
      // The very first frame is remembered and not convolved.
      if (memory.isFirstChunk()) {
        return smaller;
      }
      NDArray all = memory.recall(key, frames.getManager()).orElseThrow().concat(smaller, 2);
      return Conv3d.conv3d(all, timeKernel.get(), timeBias.orElseThrow(), new Shape(2, 1, 1))
          .singletonOrThrow();
    }
  }

  /**
   * Twice the number of frames, then twice the size.
   *
   * @param time a causal convolution C → 2C over time; none where the number of frames stays
   * @param kernel 3×3 that halves the channels
   */
  private record Upsampling(Optional<CausalConvolution> time, NDArray kernel, NDArray bias)
      implements Layer {

    @Override
    public NDArray apply(NDArray frames, VaeMemory memory) {
      // The first latent frame is neither convolved nor remembered.
      NDArray more =
          time.isEmpty() || memory.isFirstChunk()
              ? frames
              : pairs(time.get().apply(frames, memory));
      return EachFrame.apply(
          more,
          frame -> {
            long height = frame.getShape().get(2);
            long width = frame.getShape().get(3);
            NDArray doubled =
                frame
                    .getNDArrayInternal()
                    .interpolation(new long[] {2 * height, 2 * width}, 0, false);
            return Conv2d.conv2d(doubled, kernel, bias, new Shape(1, 1), new Shape(1, 1))
                .singletonOrThrow();
          });
    }

    /** The first half of the channels is the earlier of two frames, the second half the later. */
    private static NDArray pairs(NDArray frames) {
      Shape shape = frames.getShape();
      long channels = shape.get(1) / 2;
      long count = shape.get(2);
      return frames
          .reshape(shape.get(0), 2, channels, count, shape.get(3), shape.get(4))
          .transpose(0, 2, 3, 1, 4, 5)
          .reshape(shape.get(0), channels, 2 * count, shape.get(3), shape.get(4));
    }
  }

  /** x + proj(attention(qkv(norm(x)))) within each frame: one head over all positions. */
  private record FrameAttention(
      ChannelNorm norm,
      NDArray qkvKernel,
      NDArray qkvBias,
      NDArray projectionKernel,
      NDArray projectionBias)
      implements Layer {

    static FrameAttention of(DjlWeights weights, String key, int channels) {
      return new FrameAttention(
          new ChannelNorm(weights.array(key + ".norm.gamma", channels, 1, 1)),
          weights.array(key + ".to_qkv.weight", 3L * channels, channels, 1, 1),
          weights.array(key + ".to_qkv.bias", 3L * channels),
          weights.array(key + ".proj.weight", channels, channels, 1, 1),
          weights.array(key + ".proj.bias", channels));
    }

    @Override
    public NDArray apply(NDArray frames, VaeMemory memory) {
      return EachFrame.apply(frames, frame -> attend(frame).addi(frame));
    }

    private NDArray attend(NDArray frame) {
      Shape shape = frame.getShape();
      NDArray qkv =
          Conv2d.conv2d(norm.apply(frame), qkvKernel, qkvBias)
              .singletonOrThrow()
              .reshape(shape.get(0), 3, shape.get(1), -1)
              // One head: [N, 3, positions, C], in the order that needs no matrix of all scores.
              .transpose(0, 1, 3, 2)
              .flatten()
              .reshape(shape.get(0), 3, -1, shape.get(1));
      NDArray mixed =
          OmniAttention.full(
              qkv.get(new NDIndex(":, 0")).expandDims(2),
              qkv.get(new NDIndex(":, 1:2")),
              qkv.get(new NDIndex(":, 2:3")));
      NDArray perChannel = mixed.transpose(0, 2, 1).reshape(shape);
      return Conv2d.conv2d(perChannel, projectionKernel, projectionBias).singletonOrThrow();
    }
  }

  /** Work on each frame alone. */
  private static final class EachFrame {

    private EachFrame() {}

    /**
     * @param frames [B, C, T, H, W]
     * @param change of [B · T, C, H, W]
     */
    static NDArray apply(NDArray frames, UnaryOperator<NDArray> change) {
      Shape shape = frames.getShape();
      long batch = shape.get(0);
      long count = shape.get(2);
      NDArray each =
          frames
              .transpose(0, 2, 1, 3, 4)
              .reshape(batch * count, shape.get(1), shape.get(3), shape.get(4));
      NDArray changed = change.apply(each);
      Shape size = changed.getShape();
      return changed
          .reshape(batch, count, size.get(1), size.get(2), size.get(3))
          .transpose(0, 2, 1, 3, 4);
    }
  }

  /** [1, C, 1, 1, 1]. */
  static NDArray perChannel(List<Float> values, NDManager scope) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return scope.create(array, new Shape(1, array.length, 1, 1, 1));
  }
}
