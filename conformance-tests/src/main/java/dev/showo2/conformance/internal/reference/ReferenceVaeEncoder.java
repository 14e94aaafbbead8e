package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Pixels to the distribution of latents (SPEC 1). */
final class ReferenceVaeEncoder implements VaeEncoder {

  private static final int COLORS = 3;

  private final ReferenceContext context;
  private final VaeLayer network;

  ReferenceVaeEncoder(ReferenceContext context) {
    this.context = context;
    this.network = network(context.architecture().vae(), new VaeBlocks(context.weights()));
  }

  /** conv1, levels, middle, head, and the 1×1×1 convolution after the encoder. */
  private static VaeLayer network(Architecture.Vae sizes, VaeBlocks blocks) {
    List<VaeLayer> layers = new ArrayList<>();
    layers.add(blocks.causal("encoder.conv1", COLORS, sizes.width()));
    int block = 0;
    int channels = sizes.width();
    int levels = sizes.multipliers().size();
    for (int level = 0; level < levels; level++) {
      int out = sizes.width() * sizes.multipliers().get(level);
      for (int i = 0; i < sizes.residualBlocks(); i++) {
        layers.add(blocks.residual("encoder.downsamples." + block++, channels, out));
        channels = out;
      }
      // The last level does not resample.
      if (level < levels - 1) {
        boolean temporal = sizes.temporalDownsample().get(level);
        layers.add(blocks.downsampling("encoder.downsamples." + block++, channels, temporal));
      }
    }
    int both = 2 * sizes.latentChannels();
    layers.add(blocks.middle("encoder.middle", channels));
    layers.add(blocks.head("encoder.head", channels, both));
    layers.add(blocks.pointwise("conv1", both, both));
    return VaeLayer.sequence(layers);
  }

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    return context
        .lifetime()
        .call(
            () ->
                distribution(
                    ReferenceVaeStream.image(
                        network, context.arguments().imagePixels(pixels).values())));
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    return new Stream();
  }

  /** A video that the encoder processes. */
  private final class Stream extends ReferenceVaeStream implements VaeEncoderStream {

    private Stream() {
      super(context, Stage.VAE_VIDEO_ENCODER, network);
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return distribution(next(pixels));
    }
  }

  /**
   * @param both mean and log-variance [B, 2C, 1, h, w]; only the mean is normalized
   */
  private LatentDistribution distribution(HostTensor both) {
    List<List<Frame>> means = new ArrayList<>();
    List<List<Frame>> logVariances = new ArrayList<>();
    Architecture.Vae sizes = context.architecture().vae();
    int channels = sizes.latentChannels();
    for (List<Frame> sample : Frame.samples(both)) {
      Frame frame = sample.get(0);
      Frame mean = frame.channels(0, channels);
      for (int i = 0; i < mean.values().length; i++) {
        int channel = i / mean.start(1);
        mean.values()[i] -= sizes.latentMeans().get(channel);
        mean.values()[i] /= sizes.latentDeviations().get(channel);
      }
      means.add(List.of(mean));
      logVariances.add(List.of(frame.channels(channels, 2 * channels)));
    }
    HostTensor mean = Frame.toTensor(means);
    HostTensor logVariance = Frame.toTensor(logVariances);
    return new LatentDistribution(context.tensor(mean), context.tensor(logVariance));
  }
}
