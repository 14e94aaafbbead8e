package dev.showo2.export.internal.verify;

import dev.showo2.export.internal.calibration.CalibrationSample;
import dev.showo2.export.internal.calibration.StageError;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the stages of a backend the fp32 inputs of a sample and compares their results with those
 * of the calibration in fp32.
 */
final class SampleCheck {

  private final Backend backend;
  private final CalibrationSample sample;

  SampleCheck(Backend backend, CalibrationSample sample) {
    this.backend = backend;
    this.sample = sample;
  }

  /**
   * @param stages that ran well before
   * @return the errors of those among them that the sample knows
   */
  Map<Stage, StageError> run(Set<Stage> stages) {
    Map<Stage, StageError> errors = new EnumMap<>(Stage.class);
    for (Stage stage : stages) {
      InterruptionCheck.check();
      error(stage).ifPresent(error -> errors.put(stage, error));
    }
    return errors;
  }

  private Optional<StageError> error(Stage stage) {
    return switch (stage) {
      case TEXT_EMBEDDING -> Optional.of(textEmbedding());
      case TIME_EMBEDDING -> Optional.of(timeEmbedding());
      case FUSION -> sample.latents().map(this::fusion);
      case BACKBONE -> Optional.of(backbone());
      case LANGUAGE_HEAD -> Optional.of(languageHead());
      case FLOW_HEAD -> Optional.of(flowHead());
      default -> Optional.empty();
    };
  }

  private StageError textEmbedding() {
    try (Tensor embeddings =
        backend.textEmbedding().embed(TextEmbeddingRequest.repeated(sample.ids(), 1))) {
      return StageError.of(sample.embeddings(), embeddings.toHost());
    }
  }

  private StageError timeEmbedding() {
    try (TimeFeatures time =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(sample.time(), 1))) {
      return StageError.of(
          List.of(sample.timeVector(), sample.timeToken()),
          List.of(time.vector().toHost(), time.token().toHost()));
    }
  }

  private StageError fusion(HostTensor latents) {
    try (Tensor input = backend.upload(latents);
        Tensor tokens = backend.fusion().fuse(FusionRequest.of(input))) {
      return StageError.of(sample.imageTokens(), tokens.toHost());
    }
  }

  private StageError backbone() {
    try (KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
        Tensor text = backend.upload(sample.embeddings());
        Tensor time = backend.upload(sample.timeToken());
        Tensor image = backend.upload(sample.imageTokens());
        Tensor textHidden =
            backend.backbone().append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL));
        Tensor spanHidden =
            backend
                .backbone()
                .evaluate(BackboneRequest.of(cache, List.of(time, image), Attention.FULL))) {
      return StageError.of(
          List.of(sample.textHidden(), sample.spanHidden()),
          List.of(textHidden.toHost(), spanHidden.toHost()));
    }
  }

  private StageError languageHead() {
    try (Tensor hidden = backend.upload(sample.textHidden());
        Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
      return StageError.of(sample.logits(), logits.toHost());
    }
  }

  private StageError flowHead() {
    try (KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
        Tensor text = backend.upload(sample.textHidden());
        Tensor span = backend.upload(sample.spanHidden());
        Tensor time = backend.upload(sample.timeVector())) {
      backend.flowHead().append(FlowHeadRequest.text(cache, text));
      try (Tensor velocity = backend.flowHead().velocity(FlowHeadRequest.span(cache, span, time))) {
        return StageError.of(sample.velocity(), velocity.toHost());
      }
    }
  }
}
