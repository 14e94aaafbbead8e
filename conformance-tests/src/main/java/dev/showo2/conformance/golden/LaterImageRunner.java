package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.LaterImage;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Arrays;
import java.util.Set;

/** A later image of a sequence of text and images. */
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
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    LaterImage image =
        new LaterImage(
            Arrays.stream(golden.integers("tokens")).mapToInt(Math::toIntExact).toArray(),
            golden.spans(2),
            HostTensors.withFrameAxis(golden.floats("history_latents")));
    JsonFields settings = golden.settings();
    HostTensor trajectory =
        image.trajectory(
            subject.backend(),
            HostTensors.withFrameAxis(golden.floats("noise")),
            new Guidance((float) settings.number("guidance_scale")),
            TimeSchedule.shifted(
                settings.integer("num_inference_steps", 2, 100_000),
                (float) settings.number("time_shift")));
    HostTensor expected = golden.floats("trajectory");
    checks.trajectory("trajectory", trajectory.reshape(expected.shape().toArray()), expected);
  }
}
