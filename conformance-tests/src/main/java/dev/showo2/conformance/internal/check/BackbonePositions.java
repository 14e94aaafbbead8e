package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** The same segment at several places of a sequence, on the backend and on the reference. */
final class BackbonePositions {

  /** An image at 1024 pixels and its text reach that far. */
  private static final int FAR = 1100;

  private BackbonePositions() {}

  static List<Check> checks() {
    return List.of(
        Check.of(
            Rule.B05, "after-texts-of-several-lengths", BackbonePositions::near, Stage.BACKBONE),
        Check.of(Rule.B05, "after-a-cut", BackbonePositions::afterACut, Stage.BACKBONE),
        Check.of(Rule.B06, "after-1100-positions", BackbonePositions::far, Stage.BACKBONE));
  }

  private static void near(CheckContext trial, Checks checks) {
    for (Attention attention : Attention.values()) {
      for (int start : List.of(0, 1, 8)) {
        hintAt(start, checks);
        compareAt(trial, checks, attention, start);
      }
    }
  }

  private static void afterACut(CheckContext trial, Checks checks) {
    HostTensor past = Inputs.positions(trial, 1, 1, 8);
    HostTensor segment = Inputs.positions(trial, 2, 1, 4);
    checks.hint("look at the RoPE: after truncate(3) the next segment starts at position 3");
    Oracle.stage(
        trial,
        checks,
        "a segment at position 3, where 8 had been seen",
        backend -> {
          try (Sequence sequence = Sequence.open(backend, 1)) {
            sequence.text(past);
            sequence.cache().truncate(3);
            return sequence.append(Attention.CAUSAL, segment);
          }
        });
  }

  private static void far(CheckContext trial, Checks checks) {
    hintAt(0, checks);
    compareAt(trial, checks, Attention.FULL, 0);
    checks.hint(
        "look at the precision of RoPE's frequencies, angles and tables: they need 32-bit floats"
            + " whatever the rest computes in; and at lengths that a table or a mask ends at");
    compareAt(trial, checks, Attention.FULL, FAR);
  }

  private static void hintAt(int start, Checks checks) {
    checks.hint(
        start == 0
            ? "it is wrong without a past already: begin with B-01 and B-04"
            : "look at the RoPE: positions of a segment start at cache.length(), not at 0");
  }

  private static void compareAt(CheckContext trial, Checks checks, Attention attention, int start) {
    Oracle.stage(
        trial,
        checks,
        attention + " segment at position " + start,
        backend -> at(trial, backend, attention, start));
  }

  private static HostTensor at(
      CheckContext trial, Backend backend, Attention attention, int start) {
    try (Sequence sequence = Sequence.open(backend, 1)) {
      if (start > 0) {
        sequence.text(Inputs.positions(trial, 1, 1, start));
      }
      return sequence.evaluate(attention, Inputs.positions(trial, 2, 1, 4));
    }
  }
}
