package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.PastSequence;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The velocity of a video's latents after each of several prompts. */
final class VideoVelocityRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("video") && golden.announces("velocity");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P04;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(
        Stage.TEXT_EMBEDDING, Stage.TIME_EMBEDDING, Stage.FUSION, Stage.BACKBONE, Stage.FLOW_HEAD);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    Shape tokens = golden.shape("tokens", 2);
    int rows = (int) tokens.dimension(0);
    int length = (int) tokens.dimension(1);
    int[] ids = Arrays.stream(golden.integers("tokens")).mapToInt(Math::toIntExact).toArray();
    List<List<Span>> spans = golden.spans(rows);
    float[] times = golden.floats("t").values();
    HostTensor expected = golden.floats("velocity");
    for (int row = 0; row < rows; row++) {
      int start = row * length;
      int[] prefix = Arrays.copyOfRange(ids, start, start + spans.get(row).get(0).offset());
      checks.stage(
          "velocity " + row,
          PastSequence.velocityAfter(
              subject.backend(), prefix, golden.floats("latents"), times[row]),
          HostTensors.slice(expected, 0, row, 1));
    }
  }
}
