package dev.showo2.export;

import dev.showo2.error.BackendException;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Random;

/**
 * Takes one denoising step and one token through all stages, on seeded inputs, and looks at shapes
 * and values.
 */
final class StageProbe {

  private static final long SEED = 20_26;
  private static final int[] PROMPT = {0, 1, 2};

  private final Backend backend;
  private final Architecture architecture;
  private final Random random = new Random(SEED);
  private final long width;
  private final long tokens;
  private final long[] latentShape;

  StageProbe(Backend backend, Architecture architecture) {
    this.backend = backend;
    this.architecture = architecture;
    this.width = architecture.backbone().hiddenSize();
    this.tokens = architecture.imageGrid().tokens();
    this.latentShape =
        new long[] {
          1,
          architecture.vae().latentChannels(),
          1,
          (long) architecture.imageGrid().rows() * architecture.patchSize(),
          (long) architecture.imageGrid().columns() * architecture.patchSize()
        };
  }

  /**
   * @throws BackendException naming the first stage that fails or gives something else than it
   *     should
   */
  void runAll() {
    try (Tensor latents = noise(latentShape)) {
      denoisingStep(latents);
      autoencoder(latents);
    }
  }

  private void denoisingStep(Tensor latents) {
    try (Tensor prompt =
            checked(
                Stage.TEXT_EMBEDDING,
                backend.textEmbedding().embed(TextEmbeddingRequest.repeated(PROMPT, 1)),
                1,
                PROMPT.length,
                width);
        TimeFeatures time = backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.5f, 1));
        Tensor image =
            checked(
                Stage.FUSION, backend.fusion().fuse(FusionRequest.of(latents)), 1, tokens, width);
        KvCache past = backend.backbone().newCache(1);
        KvCache flowPast = backend.flowHead().newCache(1)) {
      check(Stage.TIME_EMBEDDING, time.vector(), 1, architecture.flowHead().hiddenSize());
      check(Stage.TIME_EMBEDDING, time.token(), 1, 1, width);
      try (Tensor hidden =
          checked(
              Stage.BACKBONE,
              backend
                  .backbone()
                  .append(new BackboneRequest(past, List.of(prompt), Attention.CAUSAL)),
              1,
              PROMPT.length,
              width)) {
        backend.flowHead().append(FlowHeadRequest.text(flowPast, hidden));
        languageHead(hidden);
      }
      try (Tensor hidden =
          checked(
              Stage.BACKBONE,
              backend
                  .backbone()
                  .evaluate(
                      new BackboneRequest(past, List.of(time.token(), image), Attention.FULL)),
              1,
              tokens + 1,
              width)) {
        flowHead(flowPast, hidden, time.vector());
      }
    }
  }

  private void languageHead(Tensor hidden) {
    checked(
            Stage.LANGUAGE_HEAD,
            backend.languageHead().logits(LanguageHeadRequest.last(hidden)),
            1,
            1,
            architecture.backbone().vocabularySize())
        .close();
  }

  private void flowHead(KvCache past, Tensor hidden, Tensor time) {
    long patch = (long) architecture.patchSize() * architecture.patchSize();
    checked(
            Stage.FLOW_HEAD,
            backend.flowHead().velocity(FlowHeadRequest.span(past, hidden, time)),
            1,
            tokens,
            patch * architecture.vae().latentChannels())
        .close();
  }

  private void autoencoder(Tensor latents) {
    long height = latentShape[3] * Architecture.VAE_SPATIAL_FACTOR;
    long pixelWidth = latentShape[4] * Architecture.VAE_SPATIAL_FACTOR;
    try (Tensor pixels =
        checked(
            Stage.VAE_IMAGE_DECODER,
            backend.vaeDecoder().decodeImage(latents),
            1,
            3,
            1,
            height,
            pixelWidth)) {
      try (LatentDistribution distribution = backend.vaeEncoder().encodeImage(pixels)) {
        check(Stage.VAE_IMAGE_ENCODER, distribution.mean(), latentShape);
        check(Stage.VAE_IMAGE_ENCODER, distribution.logVariance(), latentShape);
      }
    }
  }

  private Tensor noise(long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return backend.upload(new HostTensor(Shape.of(shape), values));
  }

  private static Tensor checked(Stage stage, Tensor result, long... shape) {
    try {
      check(stage, result, shape);
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  private static void check(Stage stage, Tensor result, long... shape) {
    if (!result.shape().equals(Shape.of(shape))) {
      throw new BackendException(
          "stage "
              + stage.id()
              + " of the exported bundle should give "
              + Shape.of(shape)
              + ", gave "
              + result.shape());
    }
    for (float value : result.toHost().values()) {
      if (!Float.isFinite(value)) {
        throw new BackendException(
            "stage "
                + stage.id()
                + " of the exported bundle gave "
                + value
                + "; are the checkpoint's weights finite?");
      }
    }
  }
}
