package dev.showo2.bench.internal;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.stage.DenoiseStepRequest.Branch;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * The work that is measured, as calls of a backend's stages. All end with reading a result on the
 * host, so that they are done when they return on a device, too. Not thread-safe.
 */
final class StageRuns {

  private static final int PROMPT = 100;
  private static final float TIME = 0.5f;
  private static final float GUIDANCE = 5;
  private static final int RGB = 3;

  private final Backend backend;
  private final Architecture sizes;

  StageRuns(Backend backend, Architecture sizes) {
    this.backend = backend;
    this.sizes = sizes;
  }

  /** A call that can be repeated, with its inputs; closing it frees them. */
  interface Run extends AutoCloseable {

    /** Calls once. */
    void call();

    /** Frees the inputs. */
    @Override
    default void close() {}
  }

  /** A call with tensors and caches that a closer frees. */
  private record HeldRun(Closer closer, Runnable work) implements Run {

    @Override
    public void call() {
      work.run();
    }

    @Override
    public void close() {
      closer.close();
    }
  }

  /** Opens inputs, of which none is left open if that fails. */
  private interface Opening {
    Runnable open(Closer closer);
  }

  private static Run held(Opening opening) {
    Closer closer = new Closer();
    try {
      return new HeldRun(closer, opening.open(closer));
    } catch (RuntimeException | Error e) {
      try (closer) {
        throw e;
      }
    }
  }

  Run vaeEncode(int width, int height) {
    return held(
        closer -> {
          Tensor pixels = closer.add(RandomInputs.upload(backend, 1, RGB, 1, height, width));
          return () -> encode(pixels);
        });
  }

  private void encode(Tensor pixels) {
    try (LatentDistribution latents = backend.vaeEncoder().encodeImage(pixels)) {
      latents.mean().toHost();
    }
  }

  Run vaeDecode(int width, int height) {
    return held(
        closer -> {
          Tensor latents = closer.add(latents(width, height));
          return () -> {
            try (Tensor pixels = backend.vaeDecoder().decodeImage(latents)) {
              pixels.toHost();
            }
          };
        });
  }

  Run fusion(int width, int height) {
    return held(
        closer -> {
          Tensor latents = closer.add(latents(width, height));
          return () -> {
            try (Tensor tokens = backend.fusion().fuse(FusionRequest.of(latents))) {
              tokens.toHost();
            }
          };
        });
  }

  Run guidedStep(int width, int height) {
    return held(
        closer -> {
          Tensor latents = closer.add(latents(width, height));
          Branch conditional = branch(closer);
          Branch unconditional = branch(closer);
          DenoiseStepRequest request =
              DenoiseStepRequest.builder(latents, TIME, conditional)
                  .guidance(unconditional, GUIDANCE)
                  .build();
          return () -> {
            try (Tensor velocity = backend.denoiseStep().velocity(request)) {
              velocity.toHost();
            }
          };
        });
  }

  private Branch branch(Closer closer) {
    CacheRequest request = CacheRequest.builder(1).expectedPositions(PROMPT).build();
    KvCache backbone = closer.add(backend.backbone().newCache(request));
    KvCache flowHead = closer.add(backend.flowHead().newCache(request));
    try (Tensor embedded = embed(PROMPT);
        Tensor hidden = append(backbone, embedded, Attention.CAUSAL)) {
      backend.flowHead().append(FlowHeadRequest.text(flowHead, hidden));
    }
    return Branch.of(backbone, flowHead);
  }

  Run prefill(int positions) {
    return () -> {
      try (KvCache cache = cache(positions);
          Tensor embedded = embed(positions);
          Tensor hidden = append(cache, embedded, Attention.CAUSAL)) {
        next(hidden);
      }
    };
  }

  /** Image and text have as many positions as asked for, or the text one of them. */
  Run firstToken(int width, int height, int positions) {
    int image = width / sizes.pixelsPerToken() * (height / sizes.pixelsPerToken());
    int before = Math.max(1, (positions - image) / 2);
    int after = Math.max(1, positions - image - before);
    return held(
        closer -> {
          Tensor pixels = closer.add(RandomInputs.upload(backend, 1, RGB, 1, height, width));
          return () -> {
            try (Closer opened = new Closer()) {
              LatentDistribution latents = opened.add(backend.vaeEncoder().encodeImage(pixels));
              // As requests do, which normalize and sample on the host.
              HostTensor means = latents.mean().toHost();
              Tensor uploaded = opened.add(backend.upload(means));
              Tensor tokens = opened.add(backend.fusion().fuse(FusionRequest.of(uploaded)));
              KvCache cache = opened.add(cache(before + image + after));
              opened.add(append(cache, opened.add(embed(before)), Attention.CAUSAL));
              opened.add(append(cache, tokens, Attention.FULL));
              next(opened.add(append(cache, opened.add(embed(after)), Attention.CAUSAL)));
            }
          };
        });
  }

  /** Tokens after a prompt, greedily; the prompt is not part of the call. */
  Run text(int prompt, int tokens) {
    return held(
        closer -> {
          KvCache cache = closer.add(cache(prompt + tokens));
          try (Tensor embedded = embed(prompt)) {
            append(cache, embedded, Attention.CAUSAL).close();
          }
          return () -> {
            int id = 0;
            for (int i = 0; i < tokens; i++) {
              TextEmbeddingRequest one = TextEmbeddingRequest.of(new int[][] {{id}});
              try (Tensor embedded = backend.textEmbedding().embed(one);
                  Tensor hidden = append(cache, embedded, Attention.CAUSAL)) {
                id = next(hidden);
              }
            }
            cache.truncate(prompt);
          };
        });
  }

  private KvCache cache(int positions) {
    return backend
        .backbone()
        .newCache(CacheRequest.builder(1).expectedPositions(positions).build());
  }

  private Tensor embed(int positions) {
    int[][] ids = RandomInputs.ids(positions, sizes.backbone().vocabularySize());
    return backend.textEmbedding().embed(TextEmbeddingRequest.of(ids));
  }

  private Tensor append(KvCache cache, Tensor embedded, Attention attention) {
    return backend.backbone().append(BackboneRequest.of(cache, List.of(embedded), attention));
  }

  /** The likeliest token. */
  private int next(Tensor hidden) {
    try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
      float[] values = logits.toHost().values();
      int best = 0;
      for (int id = 1; id < values.length; id++) {
        best = values[id] > values[best] ? id : best;
      }
      return best;
    }
  }

  private Tensor latents(int width, int height) {
    int factor = Architecture.VAE_SPATIAL_FACTOR;
    return RandomInputs.upload(
        backend, 1, sizes.vae().latentChannels(), 1, height / factor, width / factor);
  }
}
