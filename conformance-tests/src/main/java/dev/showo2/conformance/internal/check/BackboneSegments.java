package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** Segments of both kinds in turn, segments in several parts, and segments of small numbers. */
final class BackboneSegments {

  private static final int BATCH = 2;

  private BackboneSegments() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.B04, "both-kinds-in-turn", BackboneSegments::inTurn, Stage.BACKBONE),
        Check.of(Rule.B08, "parts-and-whole", BackboneSegments::parts, Stage.BACKBONE),
        Check.of(Rule.B14, "small-embeddings", BackboneSegments::small, Stage.BACKBONE));
  }

  private static void inTurn(CheckContext trial, Checks checks) {
    List<HostTensor> actual = inTurn(trial, trial.backend());
    List<HostTensor> expected = inTurn(trial, trial.oracle().get().backend());
    checks.hint(
        "the first segment that is wrong counts: each sees the whole past, and its own positions"
            + " as its attention says");
    for (int i = 0; i < actual.size(); i++) {
      checks.stage(attention(i) + " segment " + i, actual.get(i), expected.get(i));
    }
  }

  private static List<HostTensor> inTurn(CheckContext trial, Backend backend) {
    List<HostTensor> hidden = new ArrayList<>();
    try (Sequence sequence = Sequence.open(backend, BATCH)) {
      for (int length : List.of(3, 5, 2, 7, 1)) {
        HostTensor segment = Inputs.positions(trial, 10 + length, BATCH, length);
        hidden.add(sequence.append(attention(hidden.size()), segment));
      }
    }
    return hidden;
  }

  private static Attention attention(int segment) {
    return segment % 2 == 0 ? Attention.CAUSAL : Attention.FULL;
  }

  private static void parts(CheckContext trial, Checks checks) {
    HostTensor[] parts = {
      Inputs.positions(trial, 1, BATCH, 1),
      Inputs.positions(trial, 2, BATCH, 4),
      Inputs.positions(trial, 3, BATCH, 2)
    };
    HostTensor whole = HostTensors.join(List.of(parts), 1);
    checks.hint(
        "look at how parts are joined: along the sequence, row by row, in the order of the list");
    for (Attention attention : Attention.values()) {
      try (Sequence sequence = Sequence.open(trial.backend(), BATCH)) {
        sequence.text(Inputs.positions(trial, 4, BATCH, 2));
        HostTensor expected = sequence.evaluate(attention, whole);
        checks.pieces(
            attention + " evaluated in parts", sequence.evaluate(attention, parts), expected);
        checks.pieces(
            attention + " appended in parts", sequence.append(attention, parts), expected);
      }
    }
  }

  private static void small(CheckContext trial, Checks checks) {
    double epsilon = trial.bundle().architecture().backbone().normEpsilon();
    // The mean square of the embeddings: far above the epsilon, as large as it, far below, zero.
    for (double square : new double[] {1, epsilon, epsilon / 100, 0}) {
      checks.hint(
          square == 1
              ? "it is wrong with embeddings of usual size already: begin with B-01 and B-04"
              : "look at the RMSNorms: x / sqrt(mean(x²) + epsilon), with rms_norm_eps of the"
                  + " model under the root and added in 32-bit floats");
      HostTensor segment =
          Inputs.scaled(Inputs.positions(trial, 1, BATCH, 4), (float) Math.sqrt(square));
      Oracle.stage(
          trial,
          checks,
          "embeddings of mean square " + square,
          backend -> {
            try (Sequence sequence = Sequence.open(backend, BATCH)) {
              return sequence.append(Attention.FULL, segment);
            }
          });
    }
  }
}
