package dev.showo2.pipeline;

import dev.showo2.media.Pixels;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Draws a picture from a prompt: noise flows to latents under the model's velocity, the autoencoder
 * turns latents into pixels (SPEC 7, 8).
 *
 * <p>The same request with the same seed gives the same picture. Safe for use by several threads.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TextToImage {

  private static final Stage[] STAGES = {
    Stage.TEXT_EMBEDDING,
    Stage.TIME_EMBEDDING,
    Stage.FUSION,
    Stage.BACKBONE,
    Stage.FLOW_HEAD,
    Stage.VAE_IMAGE_DECODER
  };

  private final LoadedModel model;

  public TextToImage(LoadedModel model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  /** Draws a picture; errors as {@link #generate(TextToImageRequest, GenerationListener)}. */
  public TextToImageResult generate(TextToImageRequest request) {
    return generate(request, GenerationListener.NONE);
  }

  /**
   * Draws a picture and tells how it gets on.
   *
   * @param listener is told the noise and each step after it
   * @throws dev.showo2.error.InvalidRequestException if the prompt is too long for the model, or
   *     the size is not one that it draws; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   */
  public TextToImageResult generate(TextToImageRequest request, GenerationListener listener) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(listener, "listener");
    model.require("text to image", STAGES);
    FlowOptions options = request.options();
    FlowSettings settings = FlowSettings.of(model.bundle().manifest().defaults(), options);
    int[] prompt = Prompts.encode(model, request.prompt());
    ImageSize size = ImageSize.of(model.architecture(), request.width(), request.height());
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    HostTensor noise =
        InitialLatents.of(options.initialLatents(), size.latentShape(model.architecture()), seed);

    SequenceLayout layout = model.layout();
    HostTensor latents =
        new FlowSampler(model, settings, listener)
            .sample(
                noise,
                false,
                layout.beforeGeneratedImage(prompt),
                layout.beforeGeneratedImage(new int[0]));
    return new TextToImageResult(
        decode(latents),
        latents,
        seed,
        settings.describe(request.prompt(), seed, options.initialLatents().isPresent(), model));
  }

  private BufferedImage decode(HostTensor latents) {
    try (Tensor uploaded = model.backend().upload(latents);
        Tensor pixels = model.backend().vaeDecoder().decodeImage(uploaded)) {
      HostTensor host = pixels.toHost();
      Shape shape = host.shape();
      return Pixels.toImage(host.reshape(3, shape.dimension(3), shape.dimension(4)));
    }
  }
}
