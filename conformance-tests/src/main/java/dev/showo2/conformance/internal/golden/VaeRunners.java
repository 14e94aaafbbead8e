package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.internal.golden.pass.VaeEncoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.Set;

/** Runners of the VAE's cases: encoding, decoding, and sampling of latents. */
final class VaeRunners {

  private VaeRunners() {}

  /** Pixels to a distribution of latents: images at once, videos in chunks of 1, 4, 4, … frames. */
  static final class VaeEncodeRunner implements CaseRunner {

    private static final int FRAMES = 2;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("vae_encode") && golden.announces("mean");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return isImage(golden) ? Rule.V01 : Rule.V03;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(isImage(golden) ? Stage.VAE_IMAGE_ENCODER : Stage.VAE_VIDEO_ENCODER);
    }

    private static boolean isImage(RecordedCase golden) {
      return golden.shape("pixels", 5).dimension(FRAMES) == 1;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      VaeEncoding encoded = VaeEncoding.of(subject.backend(), golden.floats("pixels"));
      checks.compare("mean", encoded.mean(), golden.floats("mean"), Within.STAGE);
      checks.compare("logvar", encoded.logVariance(), golden.floats("logvar"), Within.STAGE);
    }
  }

  /** Latents to pixels: images at once, videos latent frame by latent frame. */
  static final class VaeDecodeRunner implements CaseRunner {

    private static final int FRAMES = 2;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("vae_decode");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return isImage(golden) ? Rule.V04 : Rule.V05;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(isImage(golden) ? Stage.VAE_IMAGE_DECODER : Stage.VAE_VIDEO_DECODER);
    }

    private static boolean isImage(RecordedCase golden) {
      return golden.shape("latents", 5).dimension(FRAMES) == 1;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      Backend backend = subject.backend();
      HostTensor latents = golden.floats("latents");
      HostTensor pixels =
          isImage(golden)
              ? VaeDecoding.image(backend, latents)
              : VaeDecoding.video(backend, latents);
      checks.compare("pixels_unclamped", pixels, golden.floats("pixels_unclamped"), Within.STAGE);
      checks.compare("pixels", VaeDecoding.clamped(pixels), golden.floats("pixels"), Within.STAGE);
    }
  }

  /** Latents drawn from what the encoder gives, with torch's random numbers. */
  static final class LatentSamplingRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("vae_encode") && golden.announces("latents");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.S03;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(Stage.VAE_IMAGE_ENCODER);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      TorchRandom random = new TorchRandom(golden.settings().longInteger("seed", 0, 0xffff_ffffL));
      try (Tensor pixels = subject.backend().upload(golden.floats("pixels"));
          LatentDistribution distribution = subject.backend().vaeEncoder().encodeImage(pixels)) {
        checks.compare(
            "latents",
            LatentSampling.sample(
                distribution.mean().toHost(), distribution.logVariance().toHost(), random),
            golden.floats("latents"),
            Within.STAGE);
      }
    }
  }
}
