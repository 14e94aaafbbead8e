package dev.showo2.export.internal.verify;

import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.model.Architecture;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Runs one stage on seeded inputs and looks at shapes and values.
 *
 * <p>Inputs are as small as the stage takes them: the weights are used all the same, and a check of
 * the largest model takes seconds.
 */
final class StageProbe {

  private static final long SEED = 20_26;
  private static final int[] PROMPT = {0, 1, 2};
  private static final TokenGrid SMALL_GRID = new TokenGrid(2, 3);

  private final Backend backend;
  private final Architecture architecture;
  private final Stage stage;
  private final Precision precision;
  private final Random random = new Random(SEED);
  private final long width;
  private final List<HostTensor> results = new ArrayList<>();

  /**
   * @param precision of the stage in the bundle that the backend runs
   */
  StageProbe(Backend backend, Architecture architecture, Stage stage, Precision precision) {
    this.precision = precision;
    this.backend = backend;
    this.architecture = architecture;
    this.stage = stage;
    this.width = architecture.backbone().hiddenSize();
  }

  /**
   * Runs the stage; the same stage of the same sizes gets the same inputs.
   *
   * @return what it gave, in the order of its calls
   * @throws BackendException naming the stage if it fails or gives something else than it should
   */
  List<HostTensor> run() {
    try {
      switch (stage) {
        case TEXT_EMBEDDING -> textEmbedding();
        case TIME_EMBEDDING -> timeEmbedding();
        case FUSION -> fusion();
        case FUSION_RESIZE -> fusionResize();
        case BACKBONE -> backbone();
        case LANGUAGE_HEAD -> languageHead();
        case FLOW_HEAD -> flowHead();
        case VAE_IMAGE_ENCODER -> encoder();
        case VAE_IMAGE_DECODER -> decoder();
        case VAE_VIDEO_ENCODER -> videoEncoder();
        case VAE_VIDEO_DECODER -> videoDecoder();
      }
    } catch (BackendException e) {
      throw failed(e.getMessage(), e);
    } catch (ShowO2Exception e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(e.toString(), e);
    }
    return List.copyOf(results);
  }

  private void textEmbedding() {
    try (Tensor embeddings =
        backend.textEmbedding().embed(TextEmbeddingRequest.repeated(PROMPT, 1))) {
      check(embeddings, 1, PROMPT.length, width);
    }
  }

  private void timeEmbedding() {
    try (TimeFeatures time =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.5f, 1))) {
      check(time.vector(), 1, architecture.flowHead().hiddenSize());
      check(time.token(), 1, 1, width);
    }
  }

  private void fusion() {
    // A table that is not interpolated serves its own grid only.
    TokenGrid grid = architecture.interpolatesPositions() ? SMALL_GRID : architecture.imageGrid();
    try (Tensor latents = noise(latents(grid));
        Tensor tokens = backend.fusion().fuse(FusionRequest.of(latents))) {
      check(tokens, 1, grid.tokens(), width);
    }
  }

  private void fusionResize() {
    TokenGrid grid = architecture.videoUnderstandingGrid();
    try (Tensor latents = noise(latents(architecture.imageGrid()));
        Tensor tokens = backend.fusion().fuse(FusionRequest.of(latents, Optional.of(grid)))) {
      check(tokens, 1, grid.tokens(), width);
    }
  }

  private void backbone() {
    int span = 1 + SMALL_GRID.tokens();
    try (KvCache cache = backend.backbone().newCache(CacheRequest.of(1));
        Tensor text = noise(1, PROMPT.length, width);
        Tensor image = noise(1, span, width);
        Tensor textHidden =
            backend.backbone().append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL));
        Tensor imageHidden =
            backend
                .backbone()
                .evaluate(BackboneRequest.of(cache, List.of(image), Attention.FULL))) {
      check(textHidden, 1, PROMPT.length, width);
      check(imageHidden, 1, span, width);
    }
  }

  private void languageHead() {
    try (Tensor hidden = noise(1, PROMPT.length, width);
        Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
      check(logits, 1, 1, architecture.backbone().vocabularySize());
    }
  }

  private void flowHead() {
    long patch = (long) architecture.patchSize() * architecture.patchSize();
    try (KvCache cache = backend.flowHead().newCache(CacheRequest.of(1));
        Tensor text = noise(1, PROMPT.length, width);
        Tensor image = noise(1, 1 + SMALL_GRID.tokens(), width);
        Tensor time = noise(1, architecture.flowHead().hiddenSize())) {
      backend.flowHead().append(FlowHeadRequest.text(cache, text));
      try (Tensor velocity =
          backend.flowHead().velocity(FlowHeadRequest.span(cache, image, time))) {
        check(velocity, 1, SMALL_GRID.tokens(), patch * architecture.vae().latentChannels());
      }
    }
  }

  private void encoder() {
    try (Tensor pixels = noise(pixels(1));
        LatentDistribution distribution = backend.vaeEncoder().encodeImage(pixels)) {
      check(distribution.mean(), latents(SMALL_GRID));
      check(distribution.logVariance(), latents(SMALL_GRID));
    }
  }

  /** The first chunk and a later one go different ways. */
  private void videoEncoder() {
    try (VaeEncoderStream stream =
        backend.vaeEncoder().openStream(VaeStreamRequest.unspecified())) {
      for (int frames : new int[] {1, Architecture.VAE_TEMPORAL_FACTOR}) {
        try (Tensor pixels = noise(pixels(frames));
            LatentDistribution distribution = stream.encode(pixels)) {
          check(distribution.mean(), latents(SMALL_GRID));
          check(distribution.logVariance(), latents(SMALL_GRID));
        }
      }
    }
  }

  private void videoDecoder() {
    try (VaeDecoderStream stream =
        backend.vaeDecoder().openStream(VaeStreamRequest.unspecified())) {
      for (int frames : new int[] {1, Architecture.VAE_TEMPORAL_FACTOR}) {
        try (Tensor latents = noise(latents(SMALL_GRID));
            Tensor pixels = stream.decode(latents)) {
          check(pixels, pixels(frames));
        }
      }
    }
  }

  private void decoder() {
    try (Tensor latents = noise(latents(SMALL_GRID));
        Tensor pixels = backend.vaeDecoder().decodeImage(latents)) {
      check(pixels, pixels(1));
    }
  }

  private long[] latents(TokenGrid grid) {
    long patch = architecture.patchSize();
    int channels = architecture.vae().latentChannels();
    return new long[] {1, channels, 1, grid.rows() * patch, grid.columns() * patch};
  }

  private long[] pixels(int frames) {
    long side = architecture.pixelsPerToken();
    return new long[] {1, 3, frames, SMALL_GRID.rows() * side, SMALL_GRID.columns() * side};
  }

  private Tensor noise(long... shape) {
    float[] values = new float[Math.toIntExact(Shape.of(shape).elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return backend.upload(new HostTensor(Shape.of(shape), values));
  }

  private void check(Tensor result, long... shape) {
    if (!result.shape().equals(Shape.of(shape))) {
      throw new BackendException("should give " + Shape.of(shape) + ", gave " + result.shape());
    }
    HostTensor host = result.toHost();
    for (float value : host.values()) {
      if (!Float.isFinite(value)) {
        throw new BackendException(
            "gave "
                + value
                + ": the model overflows, though its weights are finite, "
                + (precision == Precision.FP32
                    ? "or the backend computes wrongly; get the checkpoint again, or test the"
                        + " backend with 'conformance'"
                    : "in " + precision.id() + "; choose fp32"));
      }
    }
    results.add(host);
  }

  private BackendException failed(String how, Exception cause) {
    return new BackendException("stage " + stage.id() + " of the exported bundle: " + how, cause);
  }
}
