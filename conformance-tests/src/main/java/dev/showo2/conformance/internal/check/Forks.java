package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** A history and its fork are told different things, and each must go on as if it were alone. */
final class Forks {

  private static final String ADVICE =
      "look at KvCache.fork(): what one of the two writes, forgets or frees must not be what the"
          + " other reads; copy the keys and values, or share only what is never written again";

  private Forks() {}

  static List<Check> checks() {
    return List.of(
        Transformer.BACKBONE.check(Rule.B10, "both-go-on", Forks::bothGoOn),
        Transformer.BACKBONE.check(Rule.B10, "the-original-is-closed", Forks::originalIsClosed),
        Transformer.FLOW_HEAD.check(Rule.H10, "fork-and-original-go-on", Forks::bothGoOn),
        Transformer.FLOW_HEAD.check(Rule.H10, "the-original-is-closed", Forks::originalIsClosed));
  }

  private static void bothGoOn(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor start = Inputs.positions(trial, 1, 1, 4);
    HostTensor left = Inputs.positions(trial, 2, 1, 2);
    HostTensor right = Inputs.positions(trial, 3, 1, 3);
    HostTensor span = Inputs.positions(trial, 4, 1, 5);
    HostTensor afterLeft = transformer.spanAfter(trial, span, start, left);
    checks.hint(ADVICE);
    try (History original = transformer.open(trial)) {
      original.text(start);
      try (History fork = original.fork()) {
        original.text(left);
        fork.text(right);
        checks.exact("length of the original", original.cache().length(), 6);
        checks.exact("length of the fork", fork.cache().length(), 7);
        checks.pieces("the original", original.span(span), afterLeft);
        checks.pieces(
            "the fork", fork.span(span), transformer.spanAfter(trial, span, start, right));
        fork.cache().truncate(1);
        checks.pieces("the original once its fork is cut", original.span(span), afterLeft);
      }
      checks.pieces("the original once its fork is closed", original.span(span), afterLeft);
    }
  }

  private static void originalIsClosed(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor start = Inputs.positions(trial, 1, 1, 4);
    HostTensor more = Inputs.positions(trial, 2, 1, 3);
    HostTensor span = Inputs.positions(trial, 3, 1, 5);
    checks.hint(ADVICE);
    try (History fork = forkOfClosed(transformer, trial, start)) {
      fork.text(more);
      checks.pieces(
          "the fork once its original is closed",
          fork.span(span),
          transformer.spanAfter(trial, span, start, more));
    }
  }

  private static History forkOfClosed(
      Transformer transformer, CheckContext trial, HostTensor start) {
    try (History original = transformer.open(trial)) {
      original.text(start);
      return original.fork();
    }
  }
}
