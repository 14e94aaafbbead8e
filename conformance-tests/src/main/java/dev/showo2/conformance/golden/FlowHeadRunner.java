package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.FlowHeadPass;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;
import java.util.Set;

/** Hidden states to velocities. */
final class FlowHeadRunner implements CaseRunner {

  private static final int BATCH = 0;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("flow_head");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return spans(golden).stream().allMatch(row -> row.size() <= 1) ? Rule.H03 : Rule.H04;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.FLOW_HEAD, Stage.TIME_EMBEDDING);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    List<List<Span>> spans = spans(golden);
    HostTensor velocities =
        FlowHeadPass.tokenVelocities(
            subject.backend(), golden.floats("hidden"), spans, golden.floats("t").values());
    checks.stage("token_velocity", velocities, golden.floats("token_velocity"));
  }

  private static List<List<Span>> spans(GoldenCase golden) {
    return golden.spans((int) golden.shape("hidden", 3).dimension(BATCH));
  }
}
