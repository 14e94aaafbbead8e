package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Sequences side by side, and each of them alone. */
final class Rows {

  private static final int TEXT = 4;

  private Rows() {}

  static List<Check> checks() {
    return List.of(
        Transformer.BACKBONE.check(Rule.B12, "rows-alone", Rows::alone),
        Transformer.FLOW_HEAD.check(Rule.H11, "rows-alone", Rows::alone));
  }

  private static void alone(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor span = Inputs.positions(trial, 2, Transformer.ROWS, 5);
    Seen all = seen(transformer, trial, 0, Transformer.ROWS, span);
    for (int row = 0; row < Transformer.ROWS; row++) {
      Seen one = seen(transformer, trial, row, 1, row(span, row));
      checks.hint(
          "look at how rows are laid out in the cache and in the attention"
              + (transformer == Transformer.FLOW_HEAD
                  ? ", and at the modulation: each row has a time vector of its own"
                  : ""));
      checks.pieces("row " + row, row(all.span(), row), one.span());
      checks.hint("look at how fork() and truncate() go through the rows of a batch");
      checks.pieces("row " + row + " after a cut and a fork", row(all.later(), row), one.later());
    }
  }

  /** A span after a text, and again after a cut and in a fork. */
  private record Seen(HostTensor span, HostTensor later) {}

  private static Seen seen(
      Transformer transformer, CheckContext trial, int row, int batch, HostTensor span) {
    HostTensor texts = Inputs.positions(trial, 1, Transformer.ROWS, TEXT);
    try (History history = transformer.open(trial, row, batch)) {
      history.text(HostTensors.slice(texts, 0, row, batch));
      HostTensor first = history.span(span);
      history.cache().truncate(TEXT - 1);
      try (History fork = history.fork()) {
        return new Seen(first, fork.span(span));
      }
    }
  }

  private static HostTensor row(HostTensor batch, int row) {
    return HostTensors.slice(batch, 0, row, 1);
  }
}
