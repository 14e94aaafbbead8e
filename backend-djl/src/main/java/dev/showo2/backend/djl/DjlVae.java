package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.backend.djl.VaeLayers.Layer;
import dev.showo2.model.Architecture;
import dev.showo2.spi.support.AbstractVaeStream;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The two directions of the VAE, for images and videos (SPEC 1). */
final class DjlVae {

  private static final int COLORS = 3;

  private DjlVae() {}

  /** Pixels to the distribution of latents. */
  static final class Encoder implements VaeEncoder {

    private final DjlContext context;
    private final Layer network;

    Encoder(DjlContext context, DjlWeights weights) {
      this.context = context;
      this.network = network(context.architecture().vae(), new VaeLayers(weights));
    }

    /** conv1, levels, middle, head, and the 1×1×1 convolution after the encoder. */
    private static Layer network(Architecture.Vae sizes, VaeLayers build) {
      List<Layer> layers = new ArrayList<>();
      layers.add(build.causal("encoder.conv1", COLORS, sizes.width()));
      int block = 0;
      int channels = sizes.width();
      int levels = sizes.multipliers().size();
      for (int level = 0; level < levels; level++) {
        int out = sizes.width() * sizes.multipliers().get(level);
        for (int i = 0; i < sizes.residualBlocks(); i++) {
          layers.add(build.residual("encoder.downsamples." + block++, channels, out));
          channels = out;
        }
        // The last level does not resample.
        if (level < levels - 1) {
          boolean temporal = sizes.temporalDownsample().get(level);
          layers.add(build.downsampling("encoder.downsamples." + block++, channels, temporal));
        }
      }
      int both = 2 * sizes.latentChannels();
      layers.add(build.middle("encoder.middle", channels));
      layers.add(build.head("encoder.head", channels, both));
      layers.add(build.pointwise("conv1", both, both));
      return Layer.sequence(layers);
    }

    @Override
    public LatentDistribution encodeImage(Tensor pixels) {
      return context.scoped(
          Stage.VAE_IMAGE_ENCODER,
          scope -> {
            NDArray input = NdScopes.view(context.arguments().imagePixels(pixels).array(), scope);
            return distribution(context, network.apply(input, VaeMemory.ofImage()));
          });
    }

    @Override
    public VaeEncoderStream openStream(VaeStreamRequest request) {
      return new EncoderStream(context, network);
    }

    /**
     * @param both mean and log-variance [B, 2C, 1, h, w]; only the mean is normalized
     */
    private static LatentDistribution distribution(DjlContext context, NDArray both) {
      Architecture.Vae sizes = context.architecture().vae();
      int channels = sizes.latentChannels();
      NDManager scope = both.getManager();
      NDArray mean =
          both.get(new NDIndex(":, :{}", channels))
              .sub(VaeLayers.perChannel(sizes.latentMeans(), scope))
              .divi(VaeLayers.perChannel(sizes.latentDeviations(), scope));
      NDArray logVariance = both.get(new NDIndex(":, {}:", channels)).duplicate();
      DjlTensor first = context.tensor(mean);
      try {
        return new LatentDistribution(first, context.tensor(logVariance));
      } catch (Throwable e) {
        first.close();
        throw e;
      }
    }
  }

  /** Latents to pixels. */
  static final class Decoder implements VaeDecoder {

    private final DjlContext context;
    private final Layer network;

    Decoder(DjlContext context, DjlWeights weights) {
      this.context = context;
      this.network = network(context.architecture().vae(), new VaeLayers(weights));
    }

    /** The 1×1×1 convolution before the decoder, conv1, middle, levels, head. */
    private static Layer network(Architecture.Vae sizes, VaeLayers build) {
      List<Layer> layers = new ArrayList<>();
      int top = sizes.multipliers().size() - 1;
      int channels = sizes.width() * sizes.multipliers().get(top);
      layers.add((latents, memory) -> withoutNormalization(latents, sizes));
      layers.add(build.pointwise("conv2", sizes.latentChannels(), sizes.latentChannels()));
      layers.add(build.causal("decoder.conv1", sizes.latentChannels(), channels));
      layers.add(build.middle("decoder.middle", channels));
      int block = 0;
      for (int level = top; level >= 0; level--) {
        int out = sizes.width() * sizes.multipliers().get(level);
        // One more than in the encoder.
        for (int i = 0; i <= sizes.residualBlocks(); i++) {
          layers.add(build.residual("decoder.upsamples." + block++, channels, out));
          channels = out;
        }
        // The last level does not resample.
        if (level > 0) {
          boolean temporal = sizes.temporalDownsample().get(level - 1);
          layers.add(build.upsampling("decoder.upsamples." + block++, channels, temporal));
          channels /= 2;
        }
      }
      layers.add(build.head("decoder.head", channels, COLORS));
      return Layer.sequence(layers);
    }

    private static NDArray withoutNormalization(NDArray latents, Architecture.Vae sizes) {
      NDManager scope = latents.getManager();
      return latents
          .mul(VaeLayers.perChannel(sizes.latentDeviations(), scope))
          .addi(VaeLayers.perChannel(sizes.latentMeans(), scope));
    }

    @Override
    public Tensor decodeImage(Tensor latents) {
      return context.scoped(
          Stage.VAE_IMAGE_DECODER,
          scope -> {
            NDArray input = NdScopes.view(context.arguments().imageLatents(latents).array(), scope);
            return context.tensor(network.apply(input, VaeMemory.ofImage()));
          });
    }

    @Override
    public VaeDecoderStream openStream(VaeStreamRequest request) {
      return new DecoderStream(context, network);
    }
  }

  private static final class EncoderStream extends Stream implements VaeEncoderStream {

    private EncoderStream(DjlContext context, Layer network) {
      super(context, Stage.VAE_VIDEO_ENCODER, network);
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return next(pixels, Encoder::distribution);
    }
  }

  private static final class DecoderStream extends Stream implements VaeDecoderStream {

    private DecoderStream(DjlContext context, Layer network) {
      super(context, Stage.VAE_VIDEO_DECODER, network);
    }

    @Override
    public Tensor decode(Tensor latents) {
      return next(latents, DjlContext::tensor);
    }
  }

  /** A video that one of the two networks processes chunk by chunk. */
  private abstract static class Stream extends AbstractVaeStream<DjlTensor> {

    private final DjlContext context;
    private final Stage stage;
    private final Layer network;
    private VaeMemory memory;

    private Stream(DjlContext context, Stage stage, Layer network) {
      super(context.arguments(), stage);
      this.context = context;
      this.stage = stage;
      this.network = network;
    }

    final <R> R next(Tensor chunk, BiFunction<DjlContext, NDArray, R> result) {
      return next(chunk, checked -> run(checked, result));
    }

    private <R> R run(DjlTensor chunk, BiFunction<DjlContext, NDArray, R> result) {
      return context.scoped(
          stage,
          scope -> {
            VaeMemory next = isAtStart() ? VaeMemory.ofFirstChunk(context) : memory.next();
            try {
              NDArray input = NdScopes.view(chunk.array(), scope);
              R computed = result.apply(context, network.apply(input, next));
              release();
              memory = next;
              return computed;
            } catch (Throwable e) {
              next.close();
              throw e;
            }
          });
    }

    @Override
    protected void release() {
      if (memory != null) {
        memory.close();
      }
    }
  }
}
