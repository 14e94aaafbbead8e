package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Histories that are told in turns on the backend, and each of them alone on the reference. */
final class CacheIsolation {

  private CacheIsolation() {}

  static List<Check> checks() {
    return List.of(Transformer.BACKBONE.check(Rule.B13, "told-in-turns", CacheIsolation::inTurns));
  }

  private static void inTurns(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor[] one = texts(trial, 10);
    HostTensor[] other = texts(trial, 20);
    HostTensor span = Inputs.positions(trial, 3, 1, 4);
    // What a backend remembers wrongly, it would remember alone as well: the reference says.
    CheckContext reference = trial.with(trial.oracle().get().backend());
    HostTensor afterOne = transformer.spanAfter(reference, span, one);
    HostTensor afterOther = transformer.spanAfter(reference, span, other);
    checks.hint(
        "look for state that the stage keeps outside the cache: buffers or lengths of the last"
            + " call, or results that are remembered by what went in and not by the cache");
    try (History first = transformer.open(trial)) {
      try (History second = transformer.open(trial);
          History pair = transformer.open(trial, 0, 2)) {
        first.text(one[0]);
        second.text(other[0]);
        pair.text(Inputs.positions(trial, 4, 2, 3));
        second.text(other[1]);
        first.text(one[1]);
        checks.stage("the second cache", second.span(span), afterOther);
        checks.stage("the first cache", first.span(span), afterOne);
        checks.stage("the second cache again", second.span(span), afterOther);
      }
      checks.stage("the first cache once the others are closed", first.span(span), afterOne);
    }
  }

  private static HostTensor[] texts(CheckContext trial, long seed) {
    return new HostTensor[] {
      Inputs.positions(trial, seed, 1, 3), Inputs.positions(trial, seed + 1, 1, 2)
    };
  }
}
