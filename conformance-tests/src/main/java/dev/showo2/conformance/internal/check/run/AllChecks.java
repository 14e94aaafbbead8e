package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.contract.ContractChecks;
import dev.showo2.conformance.internal.check.pipeline.PipelineChecks;
import dev.showo2.conformance.internal.check.stage.BackboneChecks;
import dev.showo2.conformance.internal.check.stage.FlowHeadChecks;
import dev.showo2.conformance.internal.check.stage.FusionChecks;
import dev.showo2.conformance.internal.check.stage.SamplerChecks;
import dev.showo2.conformance.internal.check.stage.TextChecks;
import dev.showo2.conformance.internal.check.stage.VaeChecks;
import dev.showo2.conformance.internal.check.training.TrainingChecks;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** All checks of all chapters but those that come from goldens. */
@API(status = API.Status.INTERNAL)
public final class AllChecks {

  private AllChecks() {}

  /** Checks of single stages: chapters V, F, B, L, H and S. Every model may show other faults. */
  public static List<Check> ofStages() {
    return Stream.of(
            VaeChecks.all(),
            FusionChecks.all(),
            BackboneChecks.all(),
            TextChecks.all(),
            FlowHeadChecks.all(),
            SamplerChecks.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Checks of training: chapter T. One model suffices, if its matrix is tied. */
  public static List<Check> ofTraining() {
    return TrainingChecks.all();
  }

  /** Checks of pipelines and of the contract: chapters P and R. One model suffices. */
  public static List<Check> ofPipelinesAndContract() {
    return Stream.of(PipelineChecks.all(), ContractChecks.all())
        .flatMap(List::stream)
        .map(AllChecks::notRunWithoutStages)
        .toList();
  }

  /** Of checks that go through all stages of a kind, a backend may have none. */
  private static Check notRunWithoutStages(Check check) {
    return new Check(
        check.rule(),
        check.name(),
        check.needs(),
        (context, checks) -> {
          check.experiment().run(context, checks);
          if (checks.comparisons().isEmpty() && checks.obstacle().isEmpty()) {
            checks.cannotRun("the backend has none of the stages that this is about");
          }
        });
  }
}
