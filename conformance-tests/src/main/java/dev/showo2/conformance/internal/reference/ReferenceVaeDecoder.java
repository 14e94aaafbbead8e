package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Latents to pixels (SPEC 1). */
final class ReferenceVaeDecoder implements VaeDecoder {

  private static final int COLORS = 3;

  private final ReferenceContext context;
  private final VaeLayer network;

  ReferenceVaeDecoder(ReferenceContext context) {
    this.context = context;
    this.network = network(context.architecture().vae(), new VaeBlocks(context.weights()));
  }

  /** The 1×1×1 convolution before the decoder, conv1, middle, levels, head. */
  private static VaeLayer network(Architecture.Vae sizes, VaeBlocks blocks) {
    List<VaeLayer> layers = new ArrayList<>();
    int top = sizes.multipliers().size() - 1;
    int channels = sizes.width() * sizes.multipliers().get(top);
    layers.add(VaeLayer.eachFrame(latent -> withoutNormalization(latent, sizes)));
    layers.add(blocks.pointwise("conv2", sizes.latentChannels(), sizes.latentChannels()));
    layers.add(blocks.causal("decoder.conv1", sizes.latentChannels(), channels));
    layers.add(blocks.middle("decoder.middle", channels));
    int block = 0;
    for (int level = top; level >= 0; level--) {
      int out = sizes.width() * sizes.multipliers().get(level);
      // One more than in the encoder.
      for (int i = 0; i <= sizes.residualBlocks(); i++) {
        layers.add(blocks.residual("decoder.upsamples." + block++, channels, out));
        channels = out;
      }
      // The last level does not resample.
      if (level > 0) {
        boolean temporal = sizes.temporalDownsample().get(level - 1);
        layers.add(blocks.upsampling("decoder.upsamples." + block++, channels, temporal));
        channels /= 2;
      }
    }
    layers.add(blocks.head("decoder.head", channels, COLORS));
    return VaeLayer.sequence(layers);
  }

  private static Frame withoutNormalization(Frame latent, Architecture.Vae sizes) {
    Frame result = Frame.zeros(latent.channels(), latent.height(), latent.width());
    for (int i = 0; i < result.values().length; i++) {
      int channel = i / latent.start(1);
      result.values()[i] =
          latent.values()[i] * sizes.latentDeviations().get(channel)
              + sizes.latentMeans().get(channel);
    }
    return result;
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    return context
        .lifetime()
        .call(
            () ->
                context.tensor(
                    ReferenceVaeStream.image(
                        network, context.arguments().imageLatents(latents).values())));
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    return new Stream();
  }

  /** A video that the decoder processes. */
  private final class Stream extends ReferenceVaeStream implements VaeDecoderStream {

    private Stream() {
      super(context, Stage.VAE_VIDEO_DECODER, network);
    }

    @Override
    public Tensor decode(Tensor latents) {
      return context.tensor(next(latents));
    }
  }
}
