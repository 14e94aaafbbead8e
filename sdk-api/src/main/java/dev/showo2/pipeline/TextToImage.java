package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.internal.DenoisingBranches;
import dev.showo2.pipeline.internal.FlowSampler;
import dev.showo2.pipeline.internal.FlowSettings;
import dev.showo2.pipeline.internal.ImageDecoding;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PreparedImageRequest;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.RequestMemory;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;

/**
 * The pipeline from a prompt to an image (SPEC 7, 8): check, prefill, noise, integrate, decode.
 *
 * <p>The same request with the same seed gives the same image. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TextToImage {

  static final Stage[] STAGES = {
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.FUSION,
    Stage.BACKBONE,
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
  public TextToImage(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Draws an image with the model's defaults; errors as {@link #generate(TextToImageRequest,
   * GenerationListener)}.
   *
   * @param prompt as for {@link TextToImageRequest#builder}
   * @return the image
   */
  public GeneratedImage generate(String prompt) {
    return generate(TextToImageRequest.of(prompt));
  }

  /**
   * Draws an image; errors as {@link #generate(TextToImageRequest, GenerationListener)}.
   *
   * @param request the image
   * @return the image with its latents and settings
   */
  public GeneratedImage generate(TextToImageRequest request) {
    return generate(request, GenerationListener.NONE);
  }

  /**
   * Draws an image and reports progress.
   *
   * @param request the image
   * @param listener called back with the noise, each solver step after it, and the image
   * @return the image with its latents and settings
   * @throws InvalidRequestException if the prompt is too long for the model, or the size is not one
   *     that it draws; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws DecodingException if the decoder fails on latents that are complete; they are kept in
   *     the exception
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedImage generate(TextToImageRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    return generateAll(List.of(request), listener).get(0);
  }

  /**
   * Draws images one after the other: several of one prompt ({@link TextToImageRequest#images}),
   * one of each of several prompts, or both. Nothing is drawn unless all requests are valid.
   *
   * @param requests at least one
   * @param listener called back with each image when it is finished
   * @return a result for each request, in their order
   * @throws InvalidRequestException as {@link #generate(TextToImageRequest, GenerationListener)},
   *     with the index of the request if there are several; other errors likewise
   */
  public List<GeneratedImage> generateAll(
      List<TextToImageRequest> requests, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    // 1. Check all requests before any model work.
    List<PreparedImageRequest> prepared = check(requests);
    return RequestContext.of(
        model,
        Task.TEXT_TO_IMAGE,
        listener,
        RequestMemory.of(model).images(prepared),
        run -> {
          List<GeneratedImage> results = new ArrayList<>();
          for (PreparedImageRequest request : prepared) {
            results.add(draw(request, run, results.size()));
          }
          return results;
        });
  }

  /** Draws the image of a request that was checked. */
  GeneratedImage draw(PreparedImageRequest request, RequestContext run, int index) {
    FlowSettings settings = request.settings();
    HostTensor latents;
    // 2. Prefill: the prompt, and for guidance the negative prompt, pass through the model once.
    try (DenoisingBranches branches = request.prefill(model, settings, run)) {
      // 3. Noise [1, C, 1, h, w], of the seed or given.
      HostTensor noise = request.noise();
      // 4. Integrate: solver steps carry the noise along the model's velocity.
      latents = new FlowSampler(model, settings, run, index).sample(noise, branches);
    }
    // 5. Decode: the VAE makes pixels of the latents.
    BufferedImage image = ImageDecoding.finish(model, latents, run, index);
    return new GeneratedImage(image, latents, request.seed(), request.describe(model));
  }

  private List<PreparedImageRequest> check(List<TextToImageRequest> requests) {
    if (requests.isEmpty()) {
      throw new InvalidRequestException("requests: at least one is needed, found none");
    }
    model.require("text to image", STAGES);
    List<PreparedImageRequest> prepared = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      prepared.add(check(requests, i));
    }
    return prepared;
  }

  /**
   * Draws an image as {@link #generate(TextToImageRequest, GenerationListener)} does, on the
   * model's executor. Completing the future from outside, as {@code cancel} and {@code orTimeout}
   * do, cancels the request before its next step.
   *
   * @param request the image
   * @param listener called on the executor's thread
   * @return completes with the image, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedImage> generateAsync(
      TextToImageRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> generate(request, told));
  }

  /**
   * Draws images as {@link #generateAll} does, on the model's executor. Completing the future from
   * outside, as {@code cancel} and {@code orTimeout} do, cancels the request before its next step.
   *
   * @param requests at least one
   * @param listener called on the executor's thread
   * @return completes with an image for each request, in their order, or with the exception that
   *     the blocking form throws
   */
  public CompletableFuture<List<GeneratedImage>> generateAllAsync(
      List<TextToImageRequest> requests, GenerationListener listener) {
    return model.requests().start(listener, told -> generateAll(requests, told));
  }

  private PreparedImageRequest check(List<TextToImageRequest> requests, int index) {
    try {
      return PreparedImageRequest.of(
          model, Objects.requireNonNull(requests.get(index), () -> "requests[" + index + "]"));
    } catch (InvalidRequestException e) {
      if (requests.size() == 1) {
        throw e;
      }
      throw new InvalidRequestException("requests[" + index + "]: " + e.getMessage(), e);
    }
  }

  /**
   * Decodes latents, such as those of a {@link DecodingException}.
   *
   * @param latents [1, C, 1, h, w]
   * @return the image, 8-bit RGB
   * @throws InvalidRequestException if the latents have another shape
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks the decoder
   * @throws DecodingException if the engine fails or has no memory
   */
  public BufferedImage decode(HostTensor latents) {
    return ImageDecoding.decode(model, latents);
  }
}
