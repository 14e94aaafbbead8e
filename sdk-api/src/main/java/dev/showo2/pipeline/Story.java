package dev.showo2.pipeline;

import dev.showo2.pipeline.internal.InitialLatents;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PromptEncoder;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.StoryGeneration;
import dev.showo2.pipeline.internal.StoryImages;
import dev.showo2.pipeline.internal.StoryPrefix;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.Stage;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline that tells a story in text and images: text until the model opens an image, the
 * image, and so on until the model ends the story or has drawn the most images that the request
 * allows (SPEC 8).
 *
 * <p>The same request with the same seed gives the same story. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Story {

  private static final Stage[] STAGES = {
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.FUSION,
    Stage.BACKBONE,
    Stage.LANGUAGE_HEAD,
    Stage.FLOW_HEAD,
    Stage.VAE_IMAGE_DECODER
  };

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public Story(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Tells a story with the model's defaults; errors as {@link #tell(StoryRequest,
   * GenerationListener)}.
   *
   * @param prompt what the story is about, in English or Chinese
   * @return the story
   */
  public GeneratedStory tell(String prompt) {
    return tell(StoryRequest.of(prompt));
  }

  /**
   * Tells a story; errors as {@link #tell(StoryRequest, GenerationListener)}.
   *
   * @param request the story
   * @return texts and images
   */
  public GeneratedStory tell(StoryRequest request) {
    return tell(request, GenerationListener.NONE);
  }

  /**
   * Tells a story and reports progress.
   *
   * @param request the story
   * @param listener called back with each token, solver step and image
   * @return texts and images
   * @throws dev.showo2.error.InvalidRequestException if a prompt is too long for the model; found
   *     before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws DecodingException if the decoder fails on latents that are complete; they are kept in
   *     the exception
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedStory tell(StoryRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    model.require("story", STAGES);
    FlowOptions options = request.options();
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    StoryImages images = StoryImages.of(model, request, seed);
    int[] prompt = PromptEncoder.encodePrompt(model, "prompt", request.prompt());
    TorchRandom random = new TorchRandom(request.text().seed());
    return RequestContext.of(
        model,
        Task.STORY,
        listener,
        StoryPrefix.memory(model, prompt, request),
        run -> {
          try (StoryPrefix prefix = StoryPrefix.start(model, prompt, request)) {
            return new StoryGeneration(model, request, run, random, images, prefix).tell();
          }
        });
  }

  /**
   * Tells a story as {@link #tell(StoryRequest, GenerationListener)} does, on the model's executor.
   * Completing the future from outside, as {@code cancel} and {@code orTimeout} do, cancels the
   * request before its next step.
   *
   * @param request the story
   * @param listener called on the executor's thread
   * @return completes with the story, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedStory> tellAsync(
      StoryRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> tell(request, told));
  }
}
