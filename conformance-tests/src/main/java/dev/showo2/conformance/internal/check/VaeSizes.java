package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Images of sizes that the checkpoints were not made for, against the reference. */
final class VaeSizes {

  /** In latents: the smallest there is, two that no patch divides, one beyond the own size. */
  private static final List<TokenGrid> SIZES =
      List.of(new TokenGrid(1, 1), new TokenGrid(3, 5), new TokenGrid(5, 1), new TokenGrid(9, 13));

  private VaeSizes() {}

  static List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    for (Coding coding : Coding.values()) {
      for (TokenGrid size : SIZES) {
        checks.add(
            Check.of(
                Rule.V02,
                coding.verb() + " " + size + " latents",
                (trial, results) -> image(coding, size, trial, results),
                coding.imageStage()));
      }
    }
    return checks;
  }

  private static void image(Coding coding, TokenGrid size, CheckContext trial, Checks checks) {
    checks.hint(
        "if the checkpoint's own size passes, look for what was fixed to it or to a square: shapes"
            + " in a graph, height and width in each other's place, the positions of the middle"
            + " attention"
            + (coding == Coding.ENCODE
                ? ", the zeros right and below (by one) before each stride-2 convolution"
                : ", the nearest-exact doubling"));
    HostTensor input = coding.input(1, 1, 0, size.rows(), size.columns());
    coding.compare(
        checks,
        "image",
        coding.image(trial.backend(), input),
        coding.image(trial.reference(), input));
  }
}
