package dev.showo2.conformance.golden;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The kinds of cases that can be run. The first runner that handles a case takes it. */
@API(status = API.Status.INTERNAL)
public final class CaseRunners {

  private static final List<CaseRunner> ALL =
      List.of(
          new VaeEncodeRunner(),
          new VaeDecodeRunner(),
          new FusionRunner(),
          new TimeEmbeddingRunner(),
          new BackboneRunner(),
          new LanguageHeadRunner(),
          new FlowHeadRunner(),
          new VideoVelocityRunner(),
          new PromptRunner(),
          new SamplerRunner(),
          new PreprocessRunner(),
          new LatentSamplingRunner(),
          new TextRunner(),
          new TextToImageRunner(),
          new VideoRunner(),
          new LaterImageRunner(),
          new TextAfterImageRunner(),
          new StoryRunner(),
          new ImageUnderstandingRunner(),
          new GivenLatentsUnderstandingRunner());

  private CaseRunners() {}

  /** What runs a case; empty if this version of the kit knows no such kind. */
  public static Optional<CaseRunner> of(GoldenCase golden) {
    return ALL.stream().filter(runner -> runner.handles(golden)).findFirst();
  }
}
