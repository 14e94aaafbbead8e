package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Looking at a span changes nothing; appending it gives what looking at it gave. */
final class EvaluateHasNoSideEffects {

  private EvaluateHasNoSideEffects() {}

  static List<Check> checks() {
    return List.of(
        Transformer.BACKBONE.check(
            Rule.B09, "the-cache-stays", EvaluateHasNoSideEffects::cacheStays),
        Check.of(
            Rule.B09,
            "evaluate-and-append",
            EvaluateHasNoSideEffects::evaluateAndAppend,
            Stage.BACKBONE),
        Transformer.FLOW_HEAD.check(
            Rule.H09, "the-cache-stays", EvaluateHasNoSideEffects::cacheStays));
  }

  private static void cacheStays(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor start = Inputs.positions(trial, 1, 1, 3);
    HostTensor span = Inputs.positions(trial, 2, 1, 4);
    HostTensor longer = Inputs.positions(trial, 3, 1, 7);
    HostTensor more = Inputs.positions(trial, 4, 1, 2);
    checks.hint(
        "a span that was only looked at has left something behind: look at where its keys and"
            + " values go, they must be beyond the cache's length and never seen again");
    try (History history = transformer.open(trial)) {
      history.text(start);
      HostTensor first = history.span(span);
      history.span(longer);
      checks.exact("length", history.cache().length(), 3);
      checks.again("the same span again", history.span(span), first);
      history.text(more);
      checks.exact("length after more text", history.cache().length(), 5);
      checks.pieces(
          "the same span after more text",
          history.span(span),
          transformer.spanAfter(trial, span, start, more));
    }
  }

  private static void evaluateAndAppend(CheckContext trial, Checks checks) {
    checks.hint("evaluate() and append() compute the same; only what they keep differs");
    for (Attention attention : Attention.values()) {
      for (int length : List.of(1, 5)) {
        HostTensor segment = Inputs.positions(trial, length, 1, length);
        try (Sequence sequence = Sequence.open(trial.backend(), 1)) {
          sequence.text(Inputs.positions(trial, 9, 1, 3));
          HostTensor evaluated = sequence.evaluate(attention, segment);
          checks.pieces(
              attention + " segment of " + length, sequence.append(attention, segment), evaluated);
        }
      }
    }
  }
}
