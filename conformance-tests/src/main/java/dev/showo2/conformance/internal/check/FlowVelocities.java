package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;

/** Velocities of spans of several lengths, times and places, held against the reference's. */
final class FlowVelocities {

  private static final String ALONE_IS_WRONG =
      "it is wrong without a past already: begin with H-03";

  /** Where frequencies that llama3 scaling stretches have turned visibly less than others. */
  private static final int FAR = 600;

  private FlowVelocities() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.H03, "spans-of-several-lengths", FlowVelocities::lengths, Stage.FLOW_HEAD),
        Check.of(Rule.H05, "after-a-long-text", FlowVelocities::longText, Stage.FLOW_HEAD),
        Check.of(Rule.H06, "after-600-positions", FlowVelocities::far, Stage.FLOW_HEAD),
        Check.of(Rule.H08, "weak-and-strong-times", FlowVelocities::times, Stage.FLOW_HEAD),
        Check.of(Rule.H13, "shapes", FlowVelocities::shapes, Stage.FLOW_HEAD));
  }

  private static void lengths(CheckContext trial, Checks checks) {
    checks.hint("look at the shapes that the flow head was built or tuned for");
    HostTensor time = Inputs.timeVectors(trial, 0.2f, 0.7f);
    for (int tokens : List.of(1, 6, 24)) {
      compare(trial, checks, "span of 1 + " + tokens, 4, tokens, time);
    }
  }

  private static void longText(CheckContext trial, Checks checks) {
    for (float time : List.of(0.1f, 0.9f)) {
      HostTensor vector = Inputs.timeVectors(trial, time);
      checks.hint(ALONE_IS_WRONG);
      compare(trial, checks, "time " + time + " without text", 0, 2, vector);
      checks.hint(
          "look at append() without a time: shift and scale are 0 and gates are 1, which neither"
              + " the vector of time 0 nor a vector of zeros gives; and its RoPE starts at"
              + " cache.length()");
      compare(trial, checks, "time " + time + " after 12 positions of text", 12, 2, vector);
    }
  }

  private static void far(CheckContext trial, Checks checks) {
    HostTensor time = Inputs.timeVectors(trial, 0.5f);
    checks.hint(ALONE_IS_WRONG);
    compare(trial, checks, "span at position 0", 0, 4, time);
    checks.hint(
        "look at the flow head's RoPE: its own theta, llama3 scaling with the model's factors,"
            + " 32-bit floats, and positions that start at cache.length()");
    compare(trial, checks, "span at position " + FAR, FAR, 4, time);
  }

  private static void times(CheckContext trial, Checks checks) {
    checks.hint(
        "look at the modulation: SiLU, then the linear layer, cut into shift1, scale1, gate1,"
            + " shift2, scale2, gate2 in blocks and shift, scale in the final layer; y · (1 + scale)"
            + " + shift after each norm, gates on what is added");
    for (float time : List.of(0f, 0.35f, 1f)) {
      HostTensor vector = Inputs.timeVectors(trial, time);
      for (float strength : List.of(1f, 4f, -4f)) {
        String name = "time vector " + time + " times " + strength;
        compare(trial, checks, name, 2, 4, Inputs.scaled(vector, strength));
      }
    }
  }

  private static void shapes(CheckContext trial, Checks checks) {
    Architecture sizes = trial.bundle().architecture();
    long patch = (long) sizes.patchSize() * sizes.patchSize() * sizes.vae().latentChannels();
    checks.hint("of a span [time token, L image tokens] the first row is dropped, and only that");
    for (int tokens : List.of(1, 5)) {
      Shape found =
          velocity(trial, trial.backend(), 3, tokens, Inputs.timeVectors(trial, 0.2f, 0.7f))
              .shape();
      checks.holds(
          "velocity of 1 + " + tokens + " positions",
          found.equals(Shape.of(2, tokens, patch)),
          "has shape " + found + ", expected " + Shape.of(2, tokens, patch));
    }
  }

  private static void compare(
      CheckContext trial, Checks checks, String name, int text, int tokens, HostTensor time) {
    Oracle.stage(trial, checks, name, backend -> velocity(trial, backend, text, tokens, time));
  }

  /** Of a span of 1 + tokens after a text of some positions. */
  private static HostTensor velocity(
      CheckContext trial, Backend backend, int text, int tokens, HostTensor time) {
    int batch = Math.toIntExact(time.shape().dimension(0));
    try (FlowSequence sequence = FlowSequence.open(backend, time)) {
      if (text > 0) {
        sequence.text(Inputs.positions(trial, 1, batch, text));
      }
      return sequence.span(Inputs.positions(trial, 2, batch, 1 + tokens));
    }
  }
}
