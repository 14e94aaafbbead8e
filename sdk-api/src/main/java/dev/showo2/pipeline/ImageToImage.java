package dev.showo2.pipeline;

import dev.showo2.error.BackendException;
import dev.showo2.media.PngText;
import dev.showo2.pipeline.internal.Composite;
import dev.showo2.pipeline.internal.DenoisingBranches;
import dev.showo2.pipeline.internal.EditMask;
import dev.showo2.pipeline.internal.FlowSampler;
import dev.showo2.pipeline.internal.FlowSettings;
import dev.showo2.pipeline.internal.ImageDecoding;
import dev.showo2.pipeline.internal.ImageEncoder;
import dev.showo2.pipeline.internal.ImageSize;
import dev.showo2.pipeline.internal.InpaintingVelocity;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.pipeline.internal.PreparedImageRequest;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.RequestMemory;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * The pipeline that changes an image: its latents x get noise, t·x + (1−t)·noise at t = 1 −
 * strength, and flow from there to an image of the prompt. With a mask, what it leaves out stays as
 * it is, pixel by pixel: inpainting, and around an image on a larger canvas outpainting.
 *
 * <p>The same request with the same seed gives the same image. Thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class ImageToImage {

  private static final Stage[] STAGES =
      Stream.concat(Stream.of(Stage.VAE_IMAGE_ENCODER), Arrays.stream(TextToImage.STAGES))
          .toArray(Stage[]::new);

  private final LoadedModel model;

  /**
   * Makes the pipeline of a model. No part of the API, as the package of its parameter says:
   * applications get the pipeline from {@code ShowO2}.
   *
   * @param model stays open while the pipeline is used
   */
  public ImageToImage(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /**
   * Changes an image; errors as {@link #generate(ImageToImageRequest, GenerationListener)}.
   *
   * @param request the image and its change
   * @return the changed image with its latents and settings
   */
  public GeneratedImage generate(ImageToImageRequest request) {
    return generate(request, GenerationListener.NONE);
  }

  /**
   * Changes an image and reports progress; errors as {@link
   * TextToImage#generate(TextToImageRequest, GenerationListener)}.
   *
   * @param request the image and its change
   * @param listener called back with the noisy image and each solver step after it; at strength 0
   *     there is none
   * @return the changed image with its latents and settings
   */
  public GeneratedImage generate(ImageToImageRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    model.require("image to image", STAGES);
    PreparedImageRequest drawing = PreparedImageRequest.of(model, textToImage(request));
    ImageSize size = drawing.size();
    ImageEncoder encoder = new ImageEncoder(model, size.width(), size.height());
    EditMask mask = EditMask.of(request.mask(), size.width(), size.height());
    float start = 1 - request.strength();
    // So little noise that floats cannot tell it from none leaves the image as it is.
    Optional<FlowSettings> flow =
        start < 1 ? Optional.of(drawing.settings().startingAt(start)) : Optional.empty();
    return RequestContext.of(
        model,
        Task.IMAGE_TO_IMAGE,
        listener,
        RequestMemory.of(model).images(List.of(drawing)),
        run -> {
          HostTensor pixels = encoder.pixels(request.image());
          HostTensor known = encoder.mean(pixels);
          requireShape(drawing.noise().shape(), known.shape());
          HostTensor latents =
              flow.map(settings -> sample(drawing, settings, known, mask, run)).orElse(known);
          run.check();
          BufferedImage image = ImageDecoding.decode(model, latents);
          if (mask.keepsSomething()) {
            image = Composite.of(image, pixels, mask.weights());
          }
          listener.image(new FinishedImage(0, image, latents));
          return new GeneratedImage(image, latents, drawing.seed(), describe(drawing, request));
        });
  }

  /**
   * Changes an image as {@link #generate(ImageToImageRequest, GenerationListener)} does, on the
   * model's executor. Completing the future from outside, as {@code cancel} and {@code orTimeout}
   * do, cancels the request before its next step.
   *
   * @param request the image and its change
   * @param listener called on the executor's thread
   * @return completes with the changed image, or with the exception that the blocking form throws
   */
  public CompletableFuture<GeneratedImage> generateAsync(
      ImageToImageRequest request, GenerationListener listener) {
    return model.requests().start(listener, told -> generate(request, told));
  }

  private static TextToImageRequest textToImage(ImageToImageRequest request) {
    TextToImageRequest.Builder builder =
        TextToImageRequest.builder(request.prompt()).options(request.options());
    request.width().ifPresent(builder::width);
    request.height().ifPresent(builder::height);
    return builder.build();
  }

  private HostTensor sample(
      PreparedImageRequest drawing,
      FlowSettings settings,
      HostTensor known,
      EditMask mask,
      RequestContext run) {
    float start = settings.times()[0];
    float[] noise = drawing.noise().values();
    float[] noisy = new float[noise.length];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = start * known.values()[i] + (1 - start) * noise[i];
    }
    try (DenoisingBranches branches = drawing.prefill(model, settings, run)) {
      HostTensor latents =
          new FlowSampler(model, settings, run, 0)
              .sample(
                  new HostTensor(known.shape(), noisy),
                  field -> new InpaintingVelocity(field, known.values(), noise, mask.latents()),
                  branches);
      return new HostTensor(
          known.shape(),
          InpaintingVelocity.restored(latents.values(), known.values(), mask.latents()));
    }
  }

  private static void requireShape(Shape expected, Shape found) {
    if (!found.equals(expected)) {
      throw new BackendException(
          "image: latents "
              + expected
              + " are needed, found "
              + found
              + "; the encoder does not fit this size of images");
    }
  }

  private PngText describe(PreparedImageRequest drawing, ImageToImageRequest request) {
    PngText settings = drawing.describe(model).with("strength", Float.toString(request.strength()));
    // Whoever reads the settings must not expect to get the same image without it.
    return request.mask().isPresent() ? settings.with("mask", "given") : settings;
  }
}
