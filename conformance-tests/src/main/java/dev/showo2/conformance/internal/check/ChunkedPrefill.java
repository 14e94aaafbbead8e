package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** A text at once, in pieces and position by position. */
final class ChunkedPrefill {

  private static final String ADVICE =
      "it is right at once and not in pieces: look at what a segment sees of the cache, at where"
          + " RoPE starts, and at a kernel of its own for single positions";

  private static final int LENGTH = 9;
  private static final List<Integer> UNEVEN = List.of(4, 1, 1, 3);
  private static final List<Integer> SINGLE = List.of(1, 1, 1, 1, 1, 1, 1, 1, 1);

  private ChunkedPrefill() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.B07, "hidden-states-of-pieces", ChunkedPrefill::hidden, Stage.BACKBONE),
        Transformer.BACKBONE.check(
            Rule.B07, "a-span-after-pieces", ChunkedPrefill::spanAfterPieces),
        Transformer.FLOW_HEAD.check(
            Rule.H12, "a-span-after-pieces", ChunkedPrefill::spanAfterPieces));
  }

  private static void hidden(CheckContext trial, Checks checks) {
    HostTensor text = Inputs.positions(trial, 1, 1, LENGTH);
    HostTensor whole = appended(trial, List.of(text));
    checks.hint(ADVICE);
    checks.pieces("pieces of 4, 1, 1 and 3", appended(trial, cut(text, UNEVEN)), whole);
    checks.pieces("single positions", appended(trial, cut(text, SINGLE)), whole);
  }

  private static void spanAfterPieces(Transformer transformer, CheckContext trial, Checks checks) {
    HostTensor text = Inputs.positions(trial, 1, 1, LENGTH);
    HostTensor span = Inputs.positions(trial, 2, 1, 4);
    HostTensor whole = transformer.spanAfter(trial, span, text);
    checks.hint(ADVICE);
    for (List<Integer> lengths : List.of(UNEVEN, SINGLE)) {
      HostTensor[] pieces = cut(text, lengths).toArray(HostTensor[]::new);
      checks.pieces(
          "a span after pieces of " + lengths, transformer.spanAfter(trial, span, pieces), whole);
    }
  }

  private static HostTensor appended(CheckContext trial, List<HostTensor> pieces) {
    List<HostTensor> hidden = new ArrayList<>();
    try (Sequence sequence = Sequence.open(trial.backend(), 1)) {
      for (HostTensor piece : pieces) {
        hidden.add(sequence.append(Attention.CAUSAL, piece));
      }
    }
    return HostTensors.join(hidden, 1);
  }

  private static List<HostTensor> cut(HostTensor text, List<Integer> lengths) {
    List<HostTensor> pieces = new ArrayList<>();
    int start = 0;
    for (int length : lengths) {
      pieces.add(HostTensors.slice(text, 1, start, length));
      start += length;
    }
    return pieces;
  }
}
