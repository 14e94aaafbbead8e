package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.Set;

/** Latents of images or videos to image tokens. */
final class FusionRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("fusion");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return golden.rank("latents") == 4 ? Rule.F01 : Rule.F02;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.FUSION);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    Backend backend = subject.backend();
    try (Tensor latents = backend.upload(HostTensors.withFrameAxis(golden.floats("latents")));
        Tensor fused = backend.fusion().fuse(FusionRequest.of(latents))) {
      checks.stage("fused", fused, golden.floats("fused"));
    }
  }
}
