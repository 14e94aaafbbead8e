package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Latents of other magnitudes than an image has, against the reference. */
final class FusionValues {

  private FusionValues() {}

  static List<Check> checks() {
    return List.of(
        Check.of(
            Rule.F06, "latents-times-4", (trial, checks) -> scaled(4, trial, checks), Stage.FUSION),
        Check.of(
            Rule.F06,
            "latents-times-0.01",
            (trial, checks) -> scaled(0.01f, trial, checks),
            Stage.FUSION));
  }

  private static void scaled(float factor, CheckContext trial, Checks checks) {
    checks.hint(
        "look at the activations (tanh GELU in the semantic layers, erf GELU between the last two"
            + " linear layers) and at the epsilon of the norms (1e-6 in all of them); nothing is"
            + " clamped");
    HostTensor latents = Inputs.scaled(Fusing.latents(trial, 1, 2, 1), factor);
    checks.stage(
        "tokens", Fusing.fuse(trial.backend(), latents), Fusing.fuse(trial.reference(), latents));
  }
}
