package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Who sees whom in the flow head, shown by changing one position and looking at the velocities.
 *
 * <p>What a kept segment has seen shows only in the velocities of a span after it. So its last
 * position is changed and then cut off: the span sees the others, which saw it or not.
 */
final class FlowMasks {

  private static final int PAST = 4;
  private static final int LENGTH = 5;

  private FlowMasks() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.H07, "a-change-in-the-span", FlowMasks::span, Stage.FLOW_HEAD),
        Check.of(Rule.H07, "a-change-in-what-is-kept", FlowMasks::kept, Stage.FLOW_HEAD));
  }

  private static void span(CheckContext trial, Checks checks) {
    HostTensor time = Inputs.timeVectors(trial, 0.5f);
    HostTensor past = Inputs.positions(trial, 1, 1, PAST);
    HostTensor span = Inputs.positions(trial, 2, 1, LENGTH);
    try (FlowSequence sequence = FlowSequence.open(trial.backend(), time)) {
      sequence.text(past);
      HostTensor before = sequence.span(span);
      checks.hint("look at the mask: every position of the span sees all of it");
      new Change(before, sequence.span(Inputs.withOther(span, LENGTH - 1, 3)))
          .seenFrom(0, "changed last position", checks);
      checks.hint("look at the mask: the time token is seen although its own row is dropped");
      new Change(before, sequence.span(Inputs.withOther(span, 0, 3)))
          .seenFrom(0, "changed time token", checks);
      try (FlowSequence other = FlowSequence.open(trial.backend(), time)) {
        other.text(Inputs.withOther(past, 0, 3));
        checks.hint("look at the mask: every position of the span sees all that the cache holds");
        new Change(before, other.span(span)).seenFrom(0, "changed text before", checks);
      }
    }
  }

  private static void kept(CheckContext trial, Checks checks) {
    HostTensor time = Inputs.timeVectors(trial, 1);
    checks.hint(
        "look at the mask of append(): CAUSAL positions see no later ones (or at truncate(), if"
            + " H-10 fails too)");
    Change text = cutOff(trial, FlowSequence::text);
    text.unseenUpTo(LENGTH - 1, "a text whose last position is changed and cut off", checks);
    checks.hint("look at the mask of append(): FULL positions see later ones");
    cutOff(trial, (sequence, image) -> sequence.image(image, time))
        .seenFrom(0, "changed last position of a finished image", checks);
  }

  private static Change cutOff(CheckContext trial, BiConsumer<FlowSequence, HostTensor> append) {
    HostTensor segment = Inputs.positions(trial, 1, 1, PAST);
    return new Change(
        cutOff(trial, segment, append),
        cutOff(trial, Inputs.withOther(segment, PAST - 1, 3), append));
  }

  private static HostTensor cutOff(
      CheckContext trial, HostTensor segment, BiConsumer<FlowSequence, HostTensor> append) {
    try (FlowSequence sequence =
        FlowSequence.open(trial.backend(), Inputs.timeVectors(trial, 0.5f))) {
      append.accept(sequence, segment);
      sequence.cache().truncate(PAST - 1);
      return sequence.span(Inputs.positions(trial, 2, 1, LENGTH));
    }
  }
}
