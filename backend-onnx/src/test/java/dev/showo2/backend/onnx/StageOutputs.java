package dev.showo2.backend.onnx;

import static dev.showo2.testing.Tensors.take;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The outputs of every stage of a bundle for two rows of seeded inputs. */
final class StageOutputs {

  private static final int BATCH = 2;
  private static final int[][] TEXT = {{1, 2, 3, 4, 5}, {9, 8, 7, 6, 5}};

  private final OpenBackend open;
  private final Architecture architecture;
  private final long width;
  private final Map<String, HostTensor> outputs = new LinkedHashMap<>();

  private StageOutputs(OpenBackend open) {
    this.open = open;
    this.architecture = open.bundle().architecture();
    this.width = open.hiddenSize();
  }

  /** By the names of the stages, in their order. */
  static Map<String, HostTensor> of(Bundle bundle, BackendConfig config) {
    try (OpenBackend open = OpenBackend.open(bundle, config)) {
      StageOutputs stages = new StageOutputs(open);
      stages.embeddings();
      stages.fusion();
      stages.backbone();
      stages.flowHead();
      stages.vae();
      return stages.outputs;
    }
  }

  private void embeddings() {
    put("text embedding", open.backend().textEmbedding().embed(TextEmbeddingRequest.of(TEXT)));
    TimeFeatures time =
        open.backend().timeEmbedding().embed(TimeEmbeddingRequest.of(new float[] {0.2f, 0.9f}));
    put("time vector", time.vector());
    put("time token", time.token());
  }

  private void fusion() {
    long patch = architecture.patchSize();
    try (Tensor latents =
        open.uploadRandom(
            1,
            BATCH,
            architecture.vae().latentChannels(),
            2,
            architecture.imageGrid().rows() * patch,
            architecture.imageGrid().columns() * patch)) {
      put("fusion", open.backend().fusion().fuse(FusionRequest.of(latents)));
      Optional<TokenGrid> grid = Optional.of(architecture.videoUnderstandingGrid());
      put("fusion resize", open.backend().fusion().fuse(FusionRequest.of(latents, grid)));
    }
  }

  private void backbone() {
    try (KvCache cache = open.backend().backbone().newCache(CacheRequest.of(BATCH));
        Tensor text = open.uploadRandom(2, BATCH, 5, width);
        Tensor span = open.uploadRandom(3, BATCH, 7, width)) {
      Tensor hidden =
          open.backend()
              .backbone()
              .append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL));
      put("logits", open.backend().languageHead().logits(LanguageHeadRequest.last(hidden)));
      put("causal hidden", hidden);
      put(
          "full hidden",
          open.backend()
              .backbone()
              .evaluate(BackboneRequest.of(cache, List.of(span), Attention.FULL)));
    }
  }

  private void flowHead() {
    try (KvCache cache = open.backend().flowHead().newCache(CacheRequest.of(BATCH));
        Tensor text = open.uploadRandom(4, BATCH, 5, width);
        Tensor span = open.uploadRandom(5, BATCH, 7, width);
        Tensor time = open.uploadRandom(6, BATCH, architecture.flowHead().hiddenSize())) {
      open.backend().flowHead().append(FlowHeadRequest.text(cache, text));
      put("velocity", open.backend().flowHead().velocity(FlowHeadRequest.span(cache, span, time)));
    }
  }

  private void vae() {
    try (Tensor pixels = open.uploadRandom(7, BATCH, 3, 1, 32, 48);
        LatentDistribution latents = open.backend().vaeEncoder().encodeImage(pixels)) {
      outputs.put("mean", latents.mean().toHost());
      outputs.put("log-variance", latents.logVariance().toHost());
      put("pixels", open.backend().vaeDecoder().decodeImage(latents.mean()));
    }
  }

  private void put(String stage, Tensor output) {
    outputs.put(stage, take(output));
  }
}
