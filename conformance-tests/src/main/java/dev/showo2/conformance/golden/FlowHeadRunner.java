package dev.showo2.conformance.golden;

import dev.showo2.conformance.golden.pass.FlowHeadPass;
import dev.showo2.conformance.golden.pass.Span;
import dev.showo2.conformance.golden.pass.Subject;
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
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.FLOW_HEAD, Stage.TIME_EMBEDDING);
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    List<List<Span>> spans = golden.spans((int) golden.shape("hidden", 3).dimension(BATCH));
    HostTensor velocities =
        FlowHeadPass.tokenVelocities(
            subject.backend(), golden.floats("hidden"), spans, golden.floats("t").values());
    checks.stage("token_velocity", velocities, golden.floats("token_velocity"));
  }
}
