package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** A history that was cut must go on like one that never saw more. */
final class Truncation {

  private static final int START = 5;

  private Truncation() {}

  static List<Check> checks() {
    return List.of(
        Transformer.BACKBONE.check(Rule.B11, "cut-and-go-on", Truncation::cutAndGoOn),
        Transformer.FLOW_HEAD.check(Rule.H10, "cut-and-go-on", Truncation::cutAndGoOn));
  }

  private static void cutAndGoOn(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor start = Inputs.positions(trial, 1, 1, START);
    HostTensor forgotten = Inputs.positions(trial, 2, 1, 4);
    HostTensor other = Inputs.positions(trial, 3, 1, 2);
    HostTensor span = Inputs.positions(trial, 4, 1, 4);
    HostTensor two = HostTensors.slice(start, 1, 0, 2);
    checks.hint(
        "look at KvCache.truncate(): no later call may see the positions that were cut, those"
            + " before them stay, and the next segment stands at the new length, in RoPE too");
    try (History history = transformer.open(trial)) {
      history.text(start);
      history.text(forgotten);
      history.cache().truncate(START);
      checks.exact("length after the cut", history.cache().length(), START);
      checks.pieces(
          "after a cut between segments",
          history.span(span),
          transformer.spanAfter(trial, span, start));
      history.text(other);
      checks.pieces(
          "after another text in place of what was cut",
          history.span(span),
          transformer.spanAfter(trial, span, start, other));
      history.cache().truncate(2);
      history.cache().truncate(2);
      checks.pieces(
          "after a cut inside a segment",
          history.span(span),
          transformer.spanAfter(trial, span, two));
      history.cache().truncate(0);
      history.text(other);
      checks.pieces(
          "after all was cut", history.span(span), transformer.spanAfter(trial, span, other));
    }
  }
}
