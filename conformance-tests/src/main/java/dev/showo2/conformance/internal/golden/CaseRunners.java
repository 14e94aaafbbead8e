package dev.showo2.conformance.internal.golden;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The kinds of cases that can be run. The first runner that handles a case takes it. */
@API(status = API.Status.INTERNAL)
public final class CaseRunners {

  private static final List<CaseRunner> ALL =
      List.of(
          new VaeRunners.VaeEncodeRunner(),
          new VaeRunners.VaeDecodeRunner(),
          new StageRunners.FusionRunner(),
          new StageRunners.TimeEmbeddingRunner(),
          new StageRunners.BackboneRunner(),
          new StageRunners.LanguageHeadRunner(),
          new StageRunners.FlowHeadRunner(),
          new GenerationRunners.VideoVelocityRunner(),
          new PreparationRunners.PromptRunner(),
          new PreparationRunners.SamplerRunner(),
          new PreparationRunners.PreprocessRunner(),
          new VaeRunners.LatentSamplingRunner(),
          new UnderstandingRunners.TextRunner(),
          new GenerationRunners.TextToImageRunner(),
          new GenerationRunners.VideoRunner(),
          new InterleavedRunners.LaterImageRunner(),
          new InterleavedRunners.TextAfterImageRunner(),
          new InterleavedRunners.StoryRunner(),
          new UnderstandingRunners.ImageUnderstandingRunner(),
          new UnderstandingRunners.GivenLatentsUnderstandingRunner(),
          new TrainingRunners.TrainStepRunner(),
          new TrainingRunners.TimeShiftRunner());

  private CaseRunners() {}

  /** What runs a case; empty if this version of the kit knows no such kind. */
  public static Optional<CaseRunner> of(RecordedCase golden) {
    return ALL.stream().filter(runner -> runner.handles(golden)).findFirst();
  }
}
