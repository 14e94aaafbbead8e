package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.VaeDecoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Set;

/** Latents to pixels: images at once, videos latent frame by latent frame. */
final class VaeDecodeRunner implements CaseRunner {

  private static final int FRAMES = 2;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("vae_decode");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return isImage(golden) ? Rule.V04 : Rule.V05;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(isImage(golden) ? Stage.VAE_IMAGE_DECODER : Stage.VAE_VIDEO_DECODER);
  }

  private static boolean isImage(GoldenCase golden) {
    return golden.shape("latents", 5).dimension(FRAMES) == 1;
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    Backend backend = subject.backend();
    HostTensor latents = golden.floats("latents");
    HostTensor pixels =
        isImage(golden) ? VaeDecoding.image(backend, latents) : VaeDecoding.video(backend, latents);
    checks.stage("pixels_unclamped", pixels, golden.floats("pixels_unclamped"));
    checks.stage("pixels", VaeDecoding.clamped(pixels), golden.floats("pixels"));
  }
}
