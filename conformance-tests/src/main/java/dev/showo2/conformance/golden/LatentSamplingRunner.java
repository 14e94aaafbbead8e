package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.internal.LatentSampling;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.Set;

/** Latents drawn from what the encoder gives, with torch's random numbers. */
final class LatentSamplingRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("vae_encode") && golden.announces("latents");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.S03;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.VAE_IMAGE_ENCODER);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    TorchRandom random = new TorchRandom(golden.settings().longInteger("seed", 0, 0xffff_ffffL));
    try (Tensor pixels = subject.backend().upload(golden.floats("pixels"));
        LatentDistribution distribution = subject.backend().vaeEncoder().encodeImage(pixels)) {
      checks.stage(
          "latents",
          LatentSampling.sample(
              distribution.mean().toHost(), distribution.logVariance().toHost(), random),
          golden.floats("latents"));
    }
  }
}
