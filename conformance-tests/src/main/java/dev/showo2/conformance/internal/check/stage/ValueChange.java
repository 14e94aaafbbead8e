package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.tensor.HostTensor;

/** A result [B, S, …] before and after one input was changed: it shows who sees that input. */
record ValueChange(HostTensor before, HostTensor after) {

  // In the kit's models whoever sees a changed position moves by two hundredths at least.
  private static final double SEEN = 1e-3;

  /** Checks that the first positions have not moved. */
  void unseenUpTo(int end, String name, Checks checks) {
    checks.compare(name, first(after, end), first(before, end), Within.PIECES);
  }

  /** Checks that each position has moved. */
  void seenFrom(int start, String name, Checks checks) {
    for (int position = start; position < before.shape().dimension(1); position++) {
      checks.require(
          name + ", position " + position, seenAt(position), "does not move with it at all");
    }
  }

  private static HostTensor first(HostTensor result, int end) {
    return HostTensors.slice(result, 1, 0, end);
  }

  private boolean seenAt(int position) {
    float[] was = HostTensors.slice(before, 1, position, 1).values();
    float[] is = HostTensors.slice(after, 1, position, 1).values();
    double moved = 0;
    for (int i = 0; i < was.length; i++) {
      moved = Math.max(moved, Math.abs(is[i] - was[i]));
    }
    return moved > SEEN;
  }
}
