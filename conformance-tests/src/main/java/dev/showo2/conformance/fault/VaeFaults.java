package dev.showo2.conformance.fault;

import static dev.showo2.conformance.fault.FaultInjection.inside;
import static dev.showo2.conformance.fault.FaultInjection.outside;

import dev.showo2.conformance.fault.FaultyStages.FaultyBackend;
import dev.showo2.conformance.fault.FaultyStages.FaultyVaeDecoder;
import dev.showo2.conformance.fault.FaultyStages.FaultyVaeEncoder;
import dev.showo2.conformance.internal.reference.Formulas;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Faults in the frames that a video keeps, and in the scale of latents and pixels. */
final class VaeFaults {

  private static final Set<Stage> ENCODERS =
      EnumSet.of(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER);
  private static final Set<Stage> DECODERS =
      EnumSet.of(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER);

  static final List<Fault> ALL =
      List.of(
          new Fault(
              "video-past-lost",
              "each chunk of a video finds zeros instead of the frames before it",
              "what a video stream hands from chunk to chunk: the last inputs of each causal"
                  + " convolution (SPEC 1)",
              EnumSet.of(Stage.VAE_VIDEO_ENCODER, Stage.VAE_VIDEO_DECODER),
              inside(variation -> variation.with(new NothingKept()))),
          new Fault(
              "frame-pairs-swapped",
              "the two frames that temporal doubling makes are swapped",
              "the channels after the decoder's temporal convolutions: the first half is the"
                  + " earlier frame (SPEC 1)",
              EnumSet.of(Stage.VAE_VIDEO_DECODER),
              inside(
                  variation ->
                      variation.with(
                          WeightEdit.of(
                              "decoder\\.upsamples\\.\\d+\\.time_conv\\.(weight|bias)",
                              Reordering.rowParts(1, 0))))),
          new Fault(
              "log-variance-scaled",
              "the log-variance is normalized as the mean is",
              "what follows the encoder: only the mean is normalized (SPEC 1)",
              ENCODERS,
              outside(VaeFaults::withLogVarianceScaled)),
          new Fault(
              "latents-not-scaled-back",
              "latents are decoded as they are, still normalized",
              "what precedes the decoder: latents times std plus mean, channel by channel (SPEC 1)",
              DECODERS,
              outside(VaeFaults::withoutScalingBack)),
          new Fault(
              "pixels-clamped",
              "decoded pixels are clamped",
              "what follows the decoder: nothing, the SPI's pixels are not clamped (SPEC 1)",
              DECODERS,
              outside(VaeFaults::withClampedPixels)));

  private VaeFaults() {}

  private static final class NothingKept implements Formulas {
    @Override
    public double kept(double value) {
      return 0;
    }
  }

  private static Backend withLogVarianceScaled(Backend right, Architecture architecture) {
    Architecture.Vae vae = architecture.vae();
    return new FaultyBackend(right) {
      @Override
      public VaeEncoder vaeEncoder() {
        return new FaultyVaeEncoder(
            super.vaeEncoder(),
            latents ->
                Replacing.values(
                    this,
                    latents,
                    UnaryOperator.identity(),
                    logVariance ->
                        Replacing.normalized(
                            logVariance, vae.latentMeans(), vae.latentDeviations())));
      }
    };
  }

  /** Normalized once more, so that scaling back ends where it should have begun. */
  private static Backend withoutScalingBack(Backend right, Architecture architecture) {
    Architecture.Vae vae = architecture.vae();
    return new FaultyBackend(right) {
      @Override
      public VaeDecoder vaeDecoder() {
        return new FaultyVaeDecoder(
            super.vaeDecoder(),
            (latents, decoder) -> {
              try (Tensor twice =
                  upload(
                      Replacing.normalized(
                          latents.toHost(), vae.latentMeans(), vae.latentDeviations()))) {
                return decoder.apply(twice);
              }
            });
      }
    };
  }

  private static Backend withClampedPixels(Backend right) {
    return new FaultyBackend(right) {
      @Override
      public VaeDecoder vaeDecoder() {
        return new FaultyVaeDecoder(
            super.vaeDecoder(),
            (latents, decoder) ->
                Replacing.values(
                    this,
                    decoder.apply(latents),
                    pixels -> Replacing.each(pixels, value -> Math.max(-1, Math.min(1, value)))));
      }
    };
  }
}
