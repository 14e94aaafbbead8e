package dev.showo2.conformance.check;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Arrays;
import java.util.List;

/** Who sees whom in the backbone, shown by changing one position and looking at the others. */
final class BackboneMasks {

  private static final int PAST = 3;
  private static final int LENGTH = 5;

  private BackboneMasks() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.B02, "later-text", BackboneMasks::laterText, Stage.BACKBONE),
        Check.of(Rule.B03, "later-image-tokens", BackboneMasks::laterImage, Stage.BACKBONE));
  }

  private static void laterText(Trial trial, Checks checks) {
    Pair pair = Pair.of(trial, Attention.CAUSAL);
    checks.stage("positions before the one that was changed", pair.changed(0), pair.original(0));
    checks.holds(
        "the position that was changed",
        pair.differsAt(LENGTH - 1),
        "gives the same hidden states for another embedding");
  }

  private static void laterImage(Trial trial, Checks checks) {
    Pair pair = Pair.of(trial, Attention.FULL);
    for (int position = 0; position < LENGTH; position++) {
      checks.holds(
          "position " + position,
          pair.differsAt(position),
          "does not see the last position of its own full segment; look at the mask: inside an"
              + " image it is not causal");
    }
  }

  /** The hidden states of a segment after a text, and those with another last position. */
  private record Pair(HostTensor before, HostTensor after) {

    static Pair of(Trial trial, Attention attention) {
      long width = trial.bundle().architecture().backbone().hiddenSize();
      HostTensor past = Inputs.normal(1, 1, PAST, width);
      HostTensor segment = Inputs.normal(2, 1, LENGTH, width);
      try (Sequence sequence = Sequence.open(trial.backend(), 1)) {
        sequence.append(Attention.CAUSAL, past);
        return new Pair(
            sequence.evaluate(attention, segment),
            sequence.evaluate(attention, Inputs.withOther(segment, LENGTH - 1, 3)));
      }
    }

    HostTensor original(int from) {
      return HostTensors.slice(before, 1, from, LENGTH - 1 - from);
    }

    HostTensor changed(int from) {
      return HostTensors.slice(after, 1, from, LENGTH - 1 - from);
    }

    boolean differsAt(int position) {
      return !Arrays.equals(
          HostTensors.slice(before, 1, position, 1).values(),
          HostTensors.slice(after, 1, position, 1).values());
    }
  }
}
