package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.Pixels;
import dev.showo2.pipeline.internal.DecodeFailures;
import dev.showo2.pipeline.internal.DenoisingBranches;
import dev.showo2.pipeline.internal.FlowSampler;
import dev.showo2.pipeline.internal.FlowSettings;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PreparedImageRequest;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Draws images from prompts: noise flows to latents under the model's velocity, the VAE turns
 * latents into pixels (SPEC 7, 8).
 *
 * <p>The same request with the same seed gives the same image. Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
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
   * Makes the pipeline of a model; applications call {@link dev.showo2.ShowO2} instead.
   *
   * @param model stays open while the pipeline is used
   */
  @API(status = API.Status.INTERNAL, since = "0.1")
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

  /** Draws an image; errors as {@link #generate(TextToImageRequest, GenerationListener)}. */
  public GeneratedImage generate(TextToImageRequest request) {
    return generate(request, GenerationListener.NONE);
  }

  /**
   * Draws an image and tells how it gets on.
   *
   * @param listener is told the noise and each step after it
   * @throws dev.showo2.error.InvalidRequestException if the prompt is too long for the model, or
   *     the size is not one that it draws; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   * @throws dev.showo2.pipeline.DecodingException if it fails once the latents are there; they are
   *     kept in the exception
   * @throws dev.showo2.error.CancelledException if the listener or an interrupt ends the request
   */
  public GeneratedImage generate(TextToImageRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    return generateAll(List.of(request), listener).get(0);
  }

  /**
   * Draws images one after the other: several of one prompt ({@link TextToImageRequest#images}),
   * one of each of several prompts, or both. Nothing is drawn unless all requests are in order.
   *
   * @param requests at least one
   * @param listener is told each image as it is done
   * @return a result for each request, in their order
   * @throws dev.showo2.error.InvalidRequestException as {@link #generate(TextToImageRequest,
   *     GenerationListener)}, with the index of the request if there are several; other errors
   *     likewise
   */
  public List<GeneratedImage> generateAll(
      List<TextToImageRequest> requests, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    if (requests.isEmpty()) {
      throw new InvalidRequestException("requests: at least one is needed, found none");
    }
    model.require("text to image", STAGES);
    List<PreparedImageRequest> drawings = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      drawings.add(drawing(requests, i));
    }
    return RequestContext.of(
        Task.TEXT_TO_IMAGE,
        listener,
        run -> {
          List<GeneratedImage> results = new ArrayList<>();
          for (PreparedImageRequest drawing : drawings) {
            results.add(draw(drawing, run, results.size()));
          }
          return results;
        });
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

  private PreparedImageRequest drawing(List<TextToImageRequest> requests, int index) {
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

  GeneratedImage draw(PreparedImageRequest drawing, RequestContext run, int index) {
    FlowSettings settings = drawing.settings();
    HostTensor latents;
    try (DenoisingBranches branches = drawing.branches(model, settings, run)) {
      latents =
          new FlowSampler(model, settings, run, index)
              .sample(drawing.noise(), UnaryOperator.identity(), branches);
    }
    BufferedImage image = finish(latents, run, index);
    return new GeneratedImage(image, latents, drawing.seed(), drawing.describe(model));
  }

  /** Decodes an image of a request and tells the listener. */
  public BufferedImage finish(HostTensor latents, RequestContext run, int index) {
    run.check();
    BufferedImage image = decode(latents);
    run.listener().image(new FinishedImage(index, image, latents));
    return image;
  }

  /**
   * Decodes latents that are there already, such as those of a {@link
   * dev.showo2.pipeline.DecodingException}.
   *
   * @param latents [1, C, 1, h, w]
   * @throws dev.showo2.error.InvalidRequestException if they have another shape
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks the decoder
   * @throws dev.showo2.pipeline.DecodingException if the engine fails or has no memory
   */
  public BufferedImage decode(HostTensor latents) {
    DecodeFailures.requireShape(latents, model.architecture().vae().latentChannels(), 1);
    model.require("decoding of images", Stage.VAE_IMAGE_DECODER);
    return DecodeFailures.keeping(latents, () -> decodeOnce(latents));
  }

  private BufferedImage decodeOnce(HostTensor latents) {
    try (Tensor uploaded = model.backend().upload(latents);
        Tensor pixels = model.backend().vaeDecoder().decodeImage(uploaded)) {
      HostTensor host = pixels.toHost();
      Shape shape = host.shape();
      return Pixels.toImage(host.reshape(3, shape.dimension(3), shape.dimension(4)));
    }
  }
}
