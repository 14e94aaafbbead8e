package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.Pixels;
import dev.showo2.media.PngText;
import dev.showo2.model.Architecture;
import dev.showo2.model.GenerationDefaults;
import dev.showo2.sampler.Guidance;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sampler.TrajectoryObserver;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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
   * @throws InvalidRequestException if the prompt is too long for the model, or the size is not one
   *     that it draws; found before any model work starts
   * @throws dev.showo2.error.UnsupportedFeatureException if the backend lacks a stage; found as
   *     early
   * @throws dev.showo2.error.BackendException if the engine fails or gives values that are not
   *     finite
   */
  public TextToImageResult generate(TextToImageRequest request, GenerationListener listener) {
    Objects.requireNonNull(listener, "listener");
    model.require("text to image", STAGES);
    Architecture architecture = model.architecture();
    GenerationDefaults defaults = model.bundle().manifest().defaults();
    int[] prompt = promptIds(request.prompt(), defaults.maxPromptTokens());
    ImageSize size = ImageSize.of(architecture, request.width(), request.height());
    Shape latentShape = latentShape(architecture, size);
    Guidance guidance = new Guidance(request.guidanceScale().orElse(defaults.guidanceScale()));
    Solver solver = request.solver().orElseGet(() -> Solver.ofId(defaults.solver()));
    float timeShift = request.timeShift().orElse(defaults.timeShift());
    float[] times = TimeSchedule.shifted(request.steps().orElse(defaults.steps()), timeShift);
    long seed = request.seed().orElseGet(TextToImage::anySeed);
    float[] noise = noise(request, latentShape, seed);

    SequenceLayout layout = model.layout();
    HostTensor latents;
    try (GuidedVelocity velocity =
        GuidedVelocity.start(
            model.backend(),
            latentShape,
            guidance,
            layout.beforeGeneratedImage(prompt),
            layout.beforeGeneratedImage(new int[0]))) {
      latents =
          new HostTensor(
              latentShape,
              solver.integrate(velocity, noise, times, progress(listener, latentShape, times)));
    }
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("prompt", request.prompt());
    settings.put("seed", Long.toString(seed));
    if (request.initialLatents().isPresent()) {
      // Whoever reads the seed must not expect to get the same picture from it.
      settings.put("initial_latents", "given");
    }
    settings.put("steps", Integer.toString(times.length));
    settings.put("guidance_scale", Float.toString(guidance.scale()));
    settings.put("solver", solver.id());
    settings.put("time_shift", Float.toString(timeShift));
    settings.put("model", model.bundle().manifest().name());
    settings.put("model_hash", model.bundle().hash());
    settings.put("backend", model.backendId());
    return new TextToImageResult(decode(latents), latents, seed, new PngText(settings));
  }

  private int[] promptIds(String prompt, int limit) {
    int[] ids = model.tokenizer().encode(prompt);
    if (ids.length > limit) {
      throw new InvalidRequestException(
          "prompt: this model takes up to "
              + limit
              + " tokens, found "
              + ids.length
              + "; shorten the prompt");
    }
    return ids;
  }

  private static Shape latentShape(Architecture architecture, ImageSize size) {
    return Shape.of(
        1,
        architecture.vae().latentChannels(),
        1,
        size.height() / Architecture.VAE_SPATIAL_FACTOR,
        size.width() / Architecture.VAE_SPATIAL_FACTOR);
  }

  /** As wide as what {@code torch.manual_seed} distinguishes on a CPU. */
  private static long anySeed() {
    return Integer.toUnsignedLong(new SecureRandom().nextInt());
  }

  private static float[] noise(TextToImageRequest request, Shape shape, long seed) {
    if (request.initialLatents().isEmpty()) {
      return new TorchRandom(seed).normals(Math.toIntExact(shape.elementCount()));
    }
    HostTensor given = request.initialLatents().get();
    if (!given.shape().equals(shape)) {
      throw new InvalidRequestException(
          "initial latents: " + shape + " is needed for this size, found " + given.shape());
    }
    return given.values();
  }

  private static TrajectoryObserver progress(
      GenerationListener listener, Shape latentShape, float[] times) {
    long start = System.nanoTime();
    return (index, time, latents) ->
        listener.step(
            new DenoisingStep(
                index,
                times.length - 1,
                time,
                Duration.ofNanos(System.nanoTime() - start),
                new HostTensor(latentShape, latents)));
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
