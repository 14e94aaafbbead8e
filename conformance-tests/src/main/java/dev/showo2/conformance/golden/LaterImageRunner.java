package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.sampler.Guidance;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.VelocityField;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A later image of a sequence of text and images: the earlier one stands at t = 1, the branch
 * without a prompt has neither its text nor it.
 */
final class LaterImageRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("mixed") && golden.announces("history_latents");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P09;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(
        Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING, Stage.FUSION, Stage.BACKBONE, Stage.FLOW_HEAD);
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    int length = (int) golden.shape("tokens", 2).dimension(1);
    int[] ids = Arrays.stream(golden.integers("tokens")).mapToInt(Math::toIntExact).toArray();
    List<List<Span>> spans = golden.spans(2);
    Span earlier = spans.get(0).get(0);
    Span later = spans.get(0).get(1);
    Span alone = spans.get(1).get(0);
    try (PastSequence conditional = PastSequence.open(subject.backend());
        PastSequence unconditional = PastSequence.open(subject.backend())) {
      conditional.appendText(Arrays.copyOf(ids, earlier.offset()));
      conditional.appendImage(
          HostTensors.withFrameAxis(golden.floats("history_latents")),
          SequenceLayout.TIME_BESIDE_PICTURE);
      conditional.appendText(Arrays.copyOfRange(ids, earlier.end(), later.offset()));
      unconditional.appendText(Arrays.copyOfRange(ids, length, length + alone.offset()));
      compare(golden, conditional, unconditional, checks);
    }
  }

  private static void compare(
      GoldenCase golden, PastSequence conditional, PastSequence unconditional, Checks checks) {
    HostTensor noise = HostTensors.withFrameAxis(golden.floats("noise"));
    Guidance guidance = new Guidance((float) golden.settings().number("guidance_scale"));
    VelocityField field =
        (time, latents) -> {
          HostTensor state = new HostTensor(noise.shape(), latents);
          return guidance.combine(
              unconditional.velocity(state, time).values(),
              conditional.velocity(state, time).values());
        };
    float[] times =
        TimeSchedule.shifted(
            golden.settings().integer("num_inference_steps", 2, 100_000),
            (float) golden.settings().number("time_shift"));
    List<HostTensor> trajectory = new ArrayList<>();
    Solver.EULER.integrate(
        field,
        noise.values(),
        times,
        (index, time, latents) -> trajectory.add(new HostTensor(noise.shape(), latents)));
    HostTensor expected = golden.floats("trajectory");
    checks.trajectory(
        "trajectory",
        HostTensors.join(trajectory, 0).reshape(expected.shape().toArray()),
        expected);
  }
}
