package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The stages of one call each, with what caller and backend owe each other checked. */
final class AssertingStages {

  private AssertingStages() {}

  /** Token ids within the vocabulary to embeddings [B, S, D]. */
  record AssertingTextEmbedding(Watch watch, TextEmbedding real) implements TextEmbedding {

    @Override
    public Tensor embed(TextEmbeddingRequest request) {
      try (Call call = watch.begin("TextEmbedding.embed")) {
        call.requirePresent("request", request);
        Architecture.Decoder sizes = watch.architecture().backbone();
        for (int[] row : request.ids()) {
          for (int id : row) {
            call.callerOwes(
                id >= 0 && id < sizes.vocabularySize(),
                "a token id from 0 to " + (sizes.vocabularySize() - 1),
                id);
          }
        }
        Tensor embeddings = call.run(() -> real.embed(request));
        return call.done(
            call.given(
                "embeddings",
                embeddings,
                request.ids().length,
                request.ids()[0].length,
                sizes.hiddenSize()));
      }
    }
  }

  /** Times to vectors [B, H] and tokens [B, 1, D]. */
  record AssertingTimeEmbedding(Watch watch, TimeEmbedding real) implements TimeEmbedding {

    @Override
    public TimeFeatures embed(TimeEmbeddingRequest request) {
      try (Call call = watch.begin("TimeEmbedding.embed")) {
        call.requirePresent("request", request);
        Architecture architecture = watch.architecture();
        int batch = request.times().length;
        TimeFeatures features = call.run(() -> real.embed(request));
        return call.done(
            new TimeFeatures(
                call.given(
                    "a vector", features.vector(), batch, architecture.flowHead().hiddenSize()),
                call.given(
                    "a token", features.token(), batch, 1, architecture.backbone().hiddenSize())));
      }
    }
  }

  /** Latents [B, C, T, h, w] to image tokens [B, T·(h/p)·(w/p), D], or as many as a grid has. */
  record AssertingFusion(Watch watch, Fusion real) implements Fusion {

    @Override
    public Tensor fuse(FusionRequest request) {
      try (Call call = watch.begin("Fusion.fuse")) {
        call.requirePresent("request", request);
        Architecture architecture = watch.architecture();
        int patch = architecture.patchSize();
        AssertingTensor latents =
            call.tensor(
                "latents",
                request.latents(),
                Call.ANY,
                architecture.vae().latentChannels(),
                Call.ANY,
                Call.ANY,
                Call.ANY);
        call.callerOwes(
            latents.dimension(3) % patch == 0 && latents.dimension(4) % patch == 0,
            "latents with h and w in multiples of " + patch,
            latents.known());
        long perFrame =
            request
                .grid()
                .map(grid -> (long) grid.tokens())
                .orElse(latents.dimension(3) / patch * (latents.dimension(4) / patch));
        Tensor tokens =
            call.runIf(
                request.grid().isPresent() ? Stage.FUSION_RESIZE : Stage.FUSION,
                () -> real.fuse(FusionRequest.of(latents.real(), request.grid())));
        return call.done(
            call.given(
                "tokens",
                tokens,
                latents.dimension(0),
                latents.dimension(2) * perFrame,
                architecture.backbone().hiddenSize()));
      }
    }
  }

  /** Hidden states [B, S, D] to logits [B, S, V], or [B, 1, V]. */
  record AssertingLanguageHead(Watch watch, LanguageHead real) implements LanguageHead {

    @Override
    public Tensor logits(LanguageHeadRequest request) {
      try (Call call = watch.begin("LanguageHead.logits")) {
        call.requirePresent("request", request);
        Architecture.Decoder sizes = watch.architecture().backbone();
        AssertingTensor hidden =
            call.tensor("hidden", request.hidden(), Call.ANY, Call.ANY, sizes.hiddenSize());
        Tensor logits =
            call.run(() -> real.logits(LanguageHeadRequest.of(hidden.real(), request.lastOnly())));
        return call.done(
            call.given(
                "logits",
                logits,
                hidden.dimension(0),
                request.lastOnly() ? 1 : hidden.dimension(1),
                sizes.vocabularySize()));
      }
    }
  }

  /** Latents [B, C, T, h, w] to a velocity of the same shape; all caches stay as they are. */
  record AssertingDenoiseStep(Watch watch, DenoiseStep real) implements DenoiseStep {

    @Override
    public Tensor velocity(DenoiseStepRequest request) {
      try (Call call = watch.begin("DenoiseStep.velocity")) {
        call.requirePresent("request", request);
        List<AssertingCache> caches = new ArrayList<>();
        Branch conditional = branch(call, request.conditional(), caches);
        AssertingTensor latents =
            call.tensor(
                "latents",
                request.latents(),
                caches.get(0).sequences(),
                watch.architecture().vae().latentChannels(),
                Call.ANY,
                Call.ANY,
                Call.ANY);
        DenoiseStepRequest.Builder inner =
            DenoiseStepRequest.builder(latents.real(), request.time(), conditional);
        request
            .unconditional()
            .ifPresent(other -> inner.guidance(branch(call, other, caches), request.guidance()));
        for (AssertingCache cache : caches) {
          call.callerOwes(
              cache.sequences() == latents.dimension(0),
              "caches of the batch " + latents.dimension(0),
              cache);
        }
        Tensor velocity =
            AssertingCache.keepAll(
                call, caches, () -> call.run(() -> real.velocity(inner.build())));
        return call.done(call.given("a velocity", velocity, latents.known().toArray()));
      }
    }

    private static Branch branch(Call call, Branch branch, List<AssertingCache> caches) {
      AssertingCache backbone = call.cache(branch.backbone(), Stage.BACKBONE);
      AssertingCache flowHead = call.cache(branch.flowHead(), Stage.FLOW_HEAD);
      call.callerOwes(
          backbone.positions() == flowHead.positions(),
          "a branch whose two caches have one length",
          backbone.positions() + " and " + flowHead.positions() + " positions");
      caches.add(backbone);
      caches.add(flowHead);
      return Branch.of(backbone.real(), flowHead.real());
    }
  }
}
