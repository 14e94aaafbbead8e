package dev.showo2.conformance.reference;

import dev.showo2.model.Architecture;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Latents to pixels (SPEC 1). */
final class ReferenceVaeDecoder implements VaeDecoder {

  private static final int COLORS = 3;

  private final int latentChannels;
  private final VaeLayer network;
  private final Formulas formulas;
  private final Lifetime lifetime;

  ReferenceVaeDecoder(
      Architecture.Vae sizes, Weights weights, Formulas formulas, Lifetime lifetime) {
    this.latentChannels = sizes.latentChannels();
    this.network = network(sizes, new VaeBlocks(weights));
    this.formulas = formulas;
    this.lifetime = lifetime;
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
    return lifetime.whileOpen(
        () -> new ReferenceTensor(VaeStream.image(network, checked(latents)), lifetime));
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    return lifetime.whileOpen(() -> new Stream(new VaeStream(network, formulas::kept, lifetime)));
  }

  /** A video on its way through the decoder. */
  private final class Stream implements VaeDecoderStream {

    private final VaeStream stream;

    private Stream(VaeStream stream) {
      this.stream = stream;
    }

    @Override
    public Tensor decode(Tensor latents) {
      return lifetime.whileOpen(
          () -> {
            stream.requireOpen();
            return new ReferenceTensor(stream.next(checked(latents)), lifetime);
          });
    }

    @Override
    public void close() {
      stream.close();
    }
  }

  private HostTensor checked(Tensor latents) {
    return ReferenceTensor.require(
        latents,
        lifetime,
        "latents [B, " + latentChannels + ", 1, h, w]",
        -1,
        latentChannels,
        1,
        -1,
        -1);
  }
}
