package dev.showo2.conformance.golden;

import java.util.List;

/** The kinds of cases that can be run. The first runner that handles a case takes it. */
final class CaseRunners {

  static final List<CaseRunner> ALL =
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
}
