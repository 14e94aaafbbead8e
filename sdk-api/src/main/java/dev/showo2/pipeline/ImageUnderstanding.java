package dev.showo2.pipeline;

import dev.showo2.sampler.LatentSampling;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sequence.Segment;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Answers a question on a picture (SPEC 8).
 *
 * <p>The same request gives the same answer. Safe for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ImageUnderstanding {

  private static final Stage[] STAGES = {
    Stage.VAE_IMAGE_ENCODER,
    Stage.FUSION,
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.BACKBONE,
    Stage.LANGUAGE_HEAD
  };

  private final LoadedModel model;

  public ImageUnderstanding(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Answers with the released settings: greedy, at most 300 tokens; errors as {@link
   * #ask(ImageUnderstandingRequest, GenerationListener)}.
   */
  public GeneratedText ask(BufferedImage image, String question) {
    return ask(ImageUnderstandingRequest.of(image, question), GenerationListener.NONE);
  }

  /**
   * Answers a question and tells each token as it comes.
   *
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found before
   *     any model work starts
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   */
  public GeneratedText ask(ImageUnderstandingRequest request, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    model.require("image understanding", STAGES);
    int[] question = Questions.encode(model, request.question());
    TorchRandom random = new TorchRandom(request.options().seed());
    return Run.of(
        Task.IMAGE_UNDERSTANDING,
        listener,
        run -> {
          HostTensor latents = encode(request, random);
          run.check();
          return answer(latents, question, request.options(), random, listener);
        });
  }

  /** What the model sees of a picture: its latents [1, C, 1, h, w] as the request chooses them. */
  public HostTensor latents(ImageUnderstandingRequest request) {
    return encode(request, new TorchRandom(request.options().seed()));
  }

  private HostTensor encode(ImageUnderstandingRequest request, TorchRandom random) {
    return PictureEncoder.of(model, model.architecture().imageGrid())
        .encode(
            request.image(),
            distribution -> {
              HostTensor mean = distribution.mean().toHost();
              return switch (request.latentChoice()) {
                case MEAN -> mean;
                case SAMPLE ->
                    LatentSampling.sample(mean, distribution.logVariance().toHost(), random);
              };
            });
  }

  private GeneratedText answer(
      HostTensor latents,
      int[] question,
      TextOptions options,
      TorchRandom random,
      GenerationListener listener) {
    Backend backend = model.backend();
    SequenceLayout layout = model.layout();
    TextGenerator generator =
        new TextGenerator(model, options, Set.of(model.bundle().manifest().specialTokens().eos()));
    try (Tensor uploaded = backend.upload(latents);
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        KvCache cache = backend.backbone().newCache(1)) {
      List<Segment> segments =
          layout.imageUnderstanding(Math.toIntExact(image.shape().dimension(1)), question);
      return generator.generate(
          cache,
          new SegmentRunner(backend, 1).appendAll(cache, segments, List.of(image)),
          question,
          random,
          listener);
    }
  }
}
