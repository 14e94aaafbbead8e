package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Who sees whom in the backbone, shown by changing one position and looking at the others. */
final class BackboneMasks {

  private static final String PAST_UNSEEN =
      "look at the mask: every position of a segment sees all that the cache holds";

  private static final int PAST = 3;
  private static final int LENGTH = 5;

  private BackboneMasks() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.B02, "a-change-in-a-text", BackboneMasks::text, Stage.BACKBONE),
        Check.of(Rule.B03, "a-change-in-an-image", BackboneMasks::image, Stage.BACKBONE));
  }

  private static void text(CheckContext trial, Checks checks) {
    int changed = 2;
    Change own = own(trial, Attention.CAUSAL, changed);
    checks.hint("look at the mask: in a causal segment a position sees itself and earlier ones");
    own.unseenUpTo(changed, "positions before the one that is changed", checks);
    own.seenFrom(changed, "changed position 2", checks);
    checks.hint(PAST_UNSEEN);
    past(trial, Attention.CAUSAL).seenFrom(0, "changed text before", checks);
  }

  private static void image(CheckContext trial, Checks checks) {
    checks.hint("look at the mask: inside an image it is not causal, the first sees the last");
    own(trial, Attention.FULL, LENGTH - 1).seenFrom(0, "changed last position", checks);
    checks.hint(PAST_UNSEEN);
    past(trial, Attention.FULL).seenFrom(0, "changed text before", checks);
  }

  /** One position of the segment itself is changed. */
  private static Change own(CheckContext trial, Attention attention, int position) {
    HostTensor past = Inputs.positions(trial, 1, 1, PAST);
    HostTensor segment = Inputs.positions(trial, 2, 1, LENGTH);
    HostTensor other = Inputs.withOther(segment, position, 3);
    return new Change(
        hidden(trial, past, attention, segment), hidden(trial, past, attention, other));
  }

  /** The first position of what comes before is changed. */
  private static Change past(CheckContext trial, Attention attention) {
    HostTensor past = Inputs.positions(trial, 1, 1, PAST);
    HostTensor segment = Inputs.positions(trial, 2, 1, LENGTH);
    HostTensor other = Inputs.withOther(past, 0, 3);
    return new Change(
        hidden(trial, past, attention, segment), hidden(trial, other, attention, segment));
  }

  private static HostTensor hidden(
      CheckContext trial, HostTensor past, Attention attention, HostTensor segment) {
    try (Sequence sequence = Sequence.open(trial.backend(), 1)) {
      sequence.text(past);
      return sequence.append(attention, segment);
    }
  }
}
