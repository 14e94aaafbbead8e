package dev.showo2.conformance.internal.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import dev.showo2.export.internal.calibration.Calibration;
import dev.showo2.export.internal.calibration.CalibrationPrompt;
import dev.showo2.export.internal.calibration.CalibrationSample;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the exact values of the exporter's calibration with the reference backend. */
@ExtendWith(ExportedModels.class)
class CalibrationSampleTest {

  /** Relative to the largest value; sums of the calibration are 32-bit floats. */
  private static final double ROUNDING = 5e-6;

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b", "demo"})
  void everyStageGivesWhatTheSampleSays(String checkpoint, Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle(checkpoint))) {
      CalibrationSample sample = sample(open, models.fixture(checkpoint));
      int text = sample.ids().length;
      assertTrue(text >= 32 && text <= 48, () -> text + " text tokens");
      embeddings(open.backend(), sample);
      assertTrue(sample.latents().isPresent(), "these models take small images");
      transformers(open, sample);
    }
  }

  private static CalibrationSample sample(OpenBackend open, Path checkpoint) {
    try (CheckpointWeights weights = Checkpoints.open(checkpoint)) {
      int[] ids = CalibrationPrompt.ids(checkpoint.resolve("tokenizer.json"));
      return Calibration.run(
              open.bundle().architecture(), weights, Map.of(), ids, ExportListener.NONE)
          .sample();
    }
  }

  private static void embeddings(ReferenceBackend backend, CalibrationSample sample) {
    TextEmbeddingRequest ids = TextEmbeddingRequest.repeated(sample.ids(), 1);
    assertSame(sample.embeddings(), backend.textEmbedding().embed(ids), "embeddings");
    try (TimeFeatures time =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(sample.time(), 1))) {
      assertClose(sample.timeVector(), time.vector().toHost(), "time vector");
      assertClose(sample.timeToken(), time.token().toHost(), "time token");
    }
    try (Tensor latents = backend.upload(sample.latents().orElseThrow())) {
      assertSame(
          sample.imageTokens(), backend.fusion().fuse(FusionRequest.of(latents)), "image tokens");
    }
  }

  private static void transformers(OpenBackend open, CalibrationSample sample) {
    ReferenceBackend backend = open.backend();
    try (Tensor text = backend.upload(sample.embeddings());
        Tensor timeToken = backend.upload(sample.timeToken());
        Tensor image = backend.upload(sample.imageTokens());
        KvCache cache = backend.backbone().newCache(CacheRequest.of(1))) {
      assertClose(sample.textHidden(), open.append(cache, Attention.CAUSAL, text), "text hidden");
      assertClose(
          sample.spanHidden(),
          open.evaluate(cache, Attention.FULL, timeToken, image),
          "span hidden");
    }
    try (Tensor text = backend.upload(sample.textHidden());
        Tensor span = backend.upload(sample.spanHidden());
        Tensor time = backend.upload(sample.timeVector());
        KvCache cache = backend.flowHead().newCache(CacheRequest.of(1))) {
      assertSame(
          sample.logits(), backend.languageHead().logits(LanguageHeadRequest.last(text)), "logits");
      backend.flowHead().append(FlowHeadRequest.text(cache, text));
      assertSame(
          sample.velocity(),
          backend.flowHead().velocity(FlowHeadRequest.span(cache, span, time)),
          "velocity");
    }
  }

  private static void assertSame(HostTensor expected, Tensor found, String what) {
    assertClose(expected, Tensors.take(found), what);
  }

  private static void assertClose(HostTensor expected, HostTensor found, String what) {
    assertEquals(expected.shape(), found.shape(), what);
    double magnitude = 1;
    double difference = 0;
    for (int i = 0; i < found.values().length; i++) {
      magnitude = Math.max(magnitude, Math.abs(found.values()[i]));
      difference = Math.max(difference, Math.abs(found.values()[i] - expected.values()[i]));
    }
    double relative = difference / magnitude;
    assertTrue(relative <= ROUNDING, () -> what + " differ by " + relative);
  }
}
