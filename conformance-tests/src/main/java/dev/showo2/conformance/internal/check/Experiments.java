package dev.showo2.conformance.internal.check;

import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** All checks but those that come from goldens. */
@API(status = API.Status.INTERNAL)
public final class Experiments {

  private Experiments() {}

  /** Of single stages; every model may show something of its own. */
  public static List<Check> ofStages() {
    return Stream.of(
            BackboneMasks.checks(),
            BackbonePositions.checks(),
            BackboneSegments.checks(),
            ChunkedPrefill.checks(),
            EvaluateHasNoSideEffects.checks(),
            Forks.checks(),
            Truncation.checks(),
            Rows.checks(),
            CacheIsolation.checks(),
            FlowTimes.checks(),
            FlowVelocities.checks(),
            FlowImages.checks(),
            FlowMasks.checks(),
            GuidedBranches.checks(),
            VaeSizes.checks(),
            VaeVideos.checks(),
            VaeStreams.checks(),
            VaeBatches.checks(),
            VaeValues.checks(),
            FusionFrames.checks(),
            FusionGrids.checks(),
            FusionValues.checks(),
            TokenIds.checks(),
            Logits.checks())
        .flatMap(List::stream)
        .toList();
  }

  /** Of pipelines, of the contract and of resources; one model shows them. */
  public static List<Check> ofWholes() {
    return Stream.of(
            CancelledRequests.checks(),
            FailingRequests.checks(),
            ParallelRequests.checks(),
            Presentation.checks(),
            AbsentStages.checks(),
            UnknownSettings.checks(),
            OfferedPrecisions.checks(),
            ClosingTwice.checks(),
            UseAfterClose.checks(),
            RefusedTensors.checks(),
            ForeignCaches.checks(),
            DamagedBundles.checks(),
            Transfers.checks(),
            Results.checks(),
            ContractKept.checks(),
            Threads.checks(),
            Repetitions.checks(),
            NativeMemory.checks(),
            OpenAndClose.checks(),
            SystemSettings.checks())
        .flatMap(List::stream)
        .map(Experiments::whereItCan)
        .toList();
  }

  /** Of checks that go through all stages of a kind, a backend may have none. */
  private static Check whereItCan(Check check) {
    return new Check(
        check.rule(),
        check.name(),
        check.needs(),
        (trial, checks) -> {
          check.experiment().run(trial, checks);
          if (checks.comparisons().isEmpty() && checks.obstacle().isEmpty()) {
            checks.cannotRun("the backend has none of the stages that this is about");
          }
        });
  }
}
