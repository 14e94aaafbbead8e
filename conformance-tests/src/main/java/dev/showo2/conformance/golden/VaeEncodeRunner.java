package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.VaeEncoding;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import java.util.Set;

/** Pixels to a distribution of latents: images at once, videos in chunks of 1, 4, 4, … frames. */
final class VaeEncodeRunner implements CaseRunner {

  private static final int FRAMES = 2;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("vae_encode") && golden.announces("mean");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return isImage(golden) ? Rule.V01 : Rule.V03;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(isImage(golden) ? Stage.VAE_IMAGE_ENCODER : Stage.VAE_VIDEO_ENCODER);
  }

  private static boolean isImage(GoldenCase golden) {
    return golden.shape("pixels", 5).dimension(FRAMES) == 1;
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    VaeEncoding encoded = VaeEncoding.of(subject.backend(), golden.floats("pixels"));
    checks.stage("mean", encoded.mean(), golden.floats("mean"));
    checks.stage("logvar", encoded.logVariance(), golden.floats("logvar"));
  }
}
