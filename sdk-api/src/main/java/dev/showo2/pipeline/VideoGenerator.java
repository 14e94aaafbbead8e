package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.Pixels;
import dev.showo2.media.video.FrameSink;
import dev.showo2.model.Architecture;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.TokenGrid;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/** What text to video and image to video have in common. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VideoGenerator(LoadedModel model, GenerationListener listener) {

  /** Far more than models of today are trained for; bounds memory. */
  private static final int MAX_LATENT_FRAMES = 256;

  /**
   * @throws InvalidRequestException if a count is given that is out of range
   */
  static void requireFrames(OptionalInt latentFrames) {
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
   * Makes a video.
   *
   * @param first gives latents [1, C, 1, h, w] that the first frame is held at, or none; asked once
   *     the rest of the request is known to be in order
   * @param sink takes the frames, once the latents are there
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
    int[] ids = Prompts.encode(model, prompt);
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    HostTensor noise = InitialLatents.of(options.initialLatents(), latentShape(latentFrames), seed);
    HostTensor start =
        first
            .map(frame -> new LatentFrames(noise.shape()).withFirst(noise, frame.get()))
            .orElse(noise);
    SequenceLayout layout = model.layout();
    HostTensor latents =
        new FlowSampler(model, settings, listener)
            .sample(
                start,
                first.isPresent(),
                layout.beforeGeneratedVideo(ids),
                layout.beforeGeneratedVideo(new int[0]));
    int frames = decode(latents, sink);
    boolean given = options.initialLatents().isPresent();
    return new GeneratedVideo(frames, latents, seed, settings.describe(prompt, seed, given, model));
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

  /** Latent frame by latent frame, so that memory does not grow with the length of the video. */
  private int decode(HostTensor latents, FrameSink sink) {
    Backend backend = model.backend();
    LatentFrames latentFrames = new LatentFrames(latents.shape());
    int index = 0;
    try (VaeDecoderStream stream = backend.vaeDecoder().openStream()) {
      for (int t = 0; t < latentFrames.count(); t++) {
        try (Tensor latent = backend.upload(latentFrames.frame(latents, t));
            Tensor pixels = stream.decode(latent)) {
          for (BufferedImage frame : frames(pixels.toHost())) {
            sink.frame(index++, frame);
          }
        }
      }
    }
    return index;
  }

  private static Iterable<BufferedImage> frames(HostTensor pixels) {
    Shape shape = pixels.shape();
    return Pixels.toFrames(
        pixels.reshape(3, shape.dimension(2), shape.dimension(3), shape.dimension(4)));
  }
}
