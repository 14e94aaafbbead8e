package dev.showo2.conformance.property;

import static net.jqwik.api.Combinators.combine;

import dev.showo2.stage.Attention;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** The ways to use each stage. All shrink to one row, one segment, one position. */
final class CaseArbitraries {

  private static final int MAX_BATCH = 3;
  private static final int MAX_LENGTH = 24;
  private static final int MAX_SEGMENTS = 5;
  private static final int MAX_FRAMES = 3;

  /** Of a latent; a side of one is the smallest image that there is. */
  private static final int MAX_SIDE = 3;

  private CaseArbitraries() {}

  static Arbitrary<StageCase> textEmbedding() {
    return combine(batches(), lengths()).as(StageCases.TextEmbeddingCase::new);
  }

  static Arbitrary<StageCase> timeEmbedding() {
    return Arbitraries.floats()
        .between(0, 1)
        .list()
        .ofMinSize(1)
        .ofMaxSize(MAX_BATCH)
        .map(StageCases.TimeEmbeddingCase::new);
  }

  static Arbitrary<StageCase> languageHead() {
    return combine(batches(), lengths()).as(StageCases.LanguageHeadCase::new);
  }

  static Arbitrary<StageCase> fusion() {
    return combine(
            batches(), frames(), ArchitectureArbitrary.grids(), ArchitectureArbitrary.grids())
        .as(StageCases.FusionCase::new);
  }

  static Arbitrary<StageCase> backbone() {
    Arbitrary<StageCases.BackboneCase.Segment> segments =
        combine(lengths(), Arbitraries.integers().between(0, 3), Arbitraries.of(Attention.class))
            .as(StageCases.BackboneCase.Segment::new);
    return combine(batches(), segments.list().ofMinSize(1).ofMaxSize(MAX_SEGMENTS))
        .as(StageCases.BackboneCase::new);
  }

  static Arbitrary<StageCase> flowHead() {
    Arbitrary<StageCases.FlowHeadCase.Segment> segments =
        combine(lengths(), Arbitraries.of(false, true)).as(StageCases.FlowHeadCase.Segment::new);
    return combine(batches(), segments.list().ofMaxSize(MAX_SEGMENTS), lengths())
        .as(StageCases.FlowHeadCase::new);
  }

  static Arbitrary<StageCase> vaeImages() {
    return combine(batches(), sides(), sides()).as(StageCases.VaeImageCase::new);
  }

  static Arbitrary<StageCase> vaeVideos() {
    return combine(Arbitraries.integers().between(1, 2), frames(), sides(), sides())
        .as(StageCases.VaeVideoCase::new);
  }

  private static Arbitrary<Integer> batches() {
    return Arbitraries.integers().between(1, MAX_BATCH);
  }

  private static Arbitrary<Integer> lengths() {
    return Arbitraries.integers().between(1, MAX_LENGTH);
  }

  private static Arbitrary<Integer> frames() {
    return Arbitraries.integers().between(1, MAX_FRAMES);
  }

  private static Arbitrary<Integer> sides() {
    return Arbitraries.integers().between(1, MAX_SIDE);
  }
}
