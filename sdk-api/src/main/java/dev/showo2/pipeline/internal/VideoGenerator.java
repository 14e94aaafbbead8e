package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.PngText;
import dev.showo2.media.internal.Pixels;
import dev.showo2.media.video.FrameSink;
import dev.showo2.model.Architecture;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedVideo;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Task;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Generates videos, with a given first frame or without. Thread-safe.
 *
 * @param model that generates
 * @param task for the listener
 * @param listener of the request
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VideoGenerator(LoadedModel model, Task task, GenerationListener listener) {

  /** The largest number of latent frames, far more than in training; bounds memory. */
  private static final int MAX_LATENT_FRAMES = 256;

  /**
   * Validates a number of latent frames.
   *
   * @param latentFrames empty for the model's default
   * @throws InvalidRequestException if a count is given that is out of range
   */
  public static void requireFrames(OptionalInt latentFrames) {
    Objects.requireNonNull(latentFrames, "latentFrames");
    if (latentFrames.isPresent()
        && (latentFrames.getAsInt() < 1 || latentFrames.getAsInt() > MAX_LATENT_FRAMES)) {
      throw new InvalidRequestException(
          "latent frames: 1 to "
              + MAX_LATENT_FRAMES
              + " are needed, found "
              + latentFrames.getAsInt());
    }
  }

  /**
   * Generates a video.
   *
   * @param prompt of the video
   * @param options of the flow
   * @param latentFrames empty for the model's default
   * @param first supplies the latents [1, C, 1, h, w] of a given first frame; called after the rest
   *     of the request has been validated
   * @param sink receives the frames after the flow
   * @return the video
   * @throws InvalidRequestException if the prompt is too long for the model, or latents that were
   *     given do not fit; found before any model work starts
   */
  public GeneratedVideo generate(
      String prompt,
      FlowOptions options,
      OptionalInt latentFrames,
      Optional<Supplier<HostTensor>> first,
      FrameSink sink) {
    FlowSettings settings = FlowSettings.of(model.bundle().manifest().defaults(), options);
    int[] ids = PromptEncoder.encodePrompt(model, "prompt", prompt);
    int[] negative =
        PromptEncoder.encodePrompt(model, "negative prompt", settings.negativePrompt());
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    HostTensor noise = InitialLatents.of(options.initialLatents(), latentShape(latentFrames), seed);
    boolean given = options.initialLatents().isPresent();
    return RequestContext.of(
        model,
        task,
        listener,
        RequestMemory.of(model).video(ids.length + negative.length, noise.shape()),
        run -> {
          HostTensor latents = sample(ids, negative, settings, noise, first, run);
          int frames = decode(latents, sink, run);
          PngText described =
              settings
                  .describe(prompt, seed, given, model)
                  .with(
                      "latent_frames", Integer.toString(new LatentFrames(latents.shape()).count()));
          return new GeneratedVideo(
              frames,
              latents,
              seed,
              first.isPresent() ? described.with("first_frame", "given") : described);
        });
  }

  private HostTensor sample(
      int[] prompt,
      int[] negativePrompt,
      FlowSettings settings,
      HostTensor noise,
      Optional<Supplier<HostTensor>> first,
      RequestContext run) {
    LatentFrames frames = new LatentFrames(noise.shape());
    Optional<HostTensor> held = first.map(Supplier::get);
    SequenceLayout layout = model.layout();
    try (DenoisingBranches branches =
        DenoisingBranches.start(
            model.backend(),
            run,
            settings.isGuided(),
            layout.videoPrefix(prompt),
            layout.videoPrefix(negativePrompt))) {
      FlowSampler sampler = new FlowSampler(model, settings, run, 0);
      if (held.isEmpty()) {
        return sampler.sample(noise, branches);
      }
      HostTensor latents =
          sampler.sample(
              frames.withFirst(noise, held.get()),
              field -> new FirstFrameConstraint(field, frames),
              branches);
      // Solvers that interpolate round even constant values.
      return frames.withFirst(latents, held.get());
    }
  }

  private Shape latentShape(OptionalInt latentFrames) {
    Architecture architecture = model.architecture();
    TokenGrid grid = architecture.videoGrid();
    return Shape.of(
        1,
        architecture.vae().latentChannels(),
        latentFrames.orElse(model.bundle().manifest().defaults().videoLatentFrames()),
        (long) grid.rows() * architecture.patchSize(),
        (long) grid.columns() * architecture.patchSize());
  }

  /**
   * Decodes latent frame by latent frame, so that memory does not grow with the length of the
   * video.
   *
   * @param latents [1, C, T, h, w]
   * @param sink receives the frames
   * @param run context of the request
   * @return the number of frames
   */
  public int decode(HostTensor latents, FrameSink sink, RequestContext run) {
    Backend backend = model.backend();
    LatentFrames latentFrames = new LatentFrames(latents.shape());
    int index = 0;
    try (VaeDecoderStream stream =
        DecodeFailures.keeping(
            latents, () -> backend.vaeDecoder().openStream(video(latents.shape())))) {
      for (int t = 0; t < latentFrames.count(); t++) {
        run.check();
        HostTensor latent = latentFrames.frame(latents, t);
        List<BufferedImage> decoded =
            DecodeFailures.keeping(latents, () -> decode(backend, stream, latent));
        for (BufferedImage frame : decoded) {
          sink.frame(index++, frame);
        }
      }
    }
    return index;
  }

  /** The video that latents [B, C, T, h, w] become. */
  private static VaeStreamRequest video(Shape latents) {
    int scale = Architecture.VAE_SPATIAL_FACTOR;
    return VaeStreamRequest.builder()
        .batch(Math.toIntExact(latents.dimension(0)))
        .size(
            Math.toIntExact(latents.dimension(3) * scale),
            Math.toIntExact(latents.dimension(4) * scale))
        .frames(Math.toIntExact(1 + (latents.dimension(2) - 1) * Architecture.VAE_TEMPORAL_FACTOR))
        .build();
  }

  private static List<BufferedImage> decode(
      Backend backend, VaeDecoderStream stream, HostTensor latent) {
    try (Tensor uploaded = backend.upload(latent);
        Tensor pixels = stream.decode(uploaded)) {
      HostTensor host = pixels.toHost();
      Shape shape = host.shape();
      return Pixels.toFrames(
          host.reshape(3, shape.dimension(2), shape.dimension(3), shape.dimension(4)));
    }
  }

  /** A velocity that keeps the first latent frame constant (SPEC 8). */
  private record FirstFrameConstraint(VelocityField field, LatentFrames frames)
      implements VelocityField {

    @Override
    public float[] velocity(float time, float[] latents) {
      return frames.withFirstAtZero(field.velocity(time, latents));
    }
  }
}
