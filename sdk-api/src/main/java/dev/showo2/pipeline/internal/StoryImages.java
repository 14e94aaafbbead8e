package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * Generates the images of a story. Thread-safe.
 *
 * @param model that generates
 * @param request of the caller
 * @param settings of the first image
 * @param laterGuidance of the others
 * @param negativePrompt token ids
 * @param seed of the first image's noise; that of image k is seed + k
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoryImages(
    LoadedModel model,
    StoryRequest request,
    FlowSettings settings,
    Guidance laterGuidance,
    int[] negativePrompt,
    long seed) {

  /**
   * Validates and completes the settings of the images.
   *
   * @param model that generates
   * @param request of the caller
   * @param seed of the first image's noise
   * @return the settings
   * @throws InvalidRequestException if a setting is out of its range
   */
  public static StoryImages of(LoadedModel model, StoryRequest request, long seed) {
    Guidance later = new Guidance(request.laterGuidanceScale());
    FlowSettings settings =
        FlowSettings.of(model.bundle().manifest().defaults(), request.options(), later);
    return new StoryImages(
        model,
        request,
        settings,
        later,
        PromptEncoder.encodePrompt(model, "negative prompt", settings.negativePrompt()),
        seed);
  }

  /** The unconditional branch, if any image uses guidance; to be closed by the caller. */
  Optional<DenoisingBranch> unconditional() {
    if (!settings.isGuided() && !settings.withGuidance(laterGuidance).isGuided()) {
      return Optional.empty();
    }
    return Optional.of(
        DenoisingBranch.start(model.backend(), model.layout().imagePrefix(negativePrompt)));
  }

  /** Generates an image and calls the listener back. */
  GeneratedImage draw(int index, DenoisingBranches branches, RequestContext run) {
    FlowSettings own = index == 0 ? settings : settings.withGuidance(laterGuidance);
    Shape shape =
        ImageSize.of(model.architecture(), OptionalInt.empty(), OptionalInt.empty())
            .latentShape(model.architecture());
    HostTensor noise = InitialLatents.of(Optional.empty(), shape, seed + index);
    HostTensor latents = new FlowSampler(model, own, run, index).sample(noise, branches);
    BufferedImage image = ImageDecoding.finish(model, latents, run, index);
    return new GeneratedImage(
        image, latents, seed + index, own.describe(request.prompt(), seed + index, false, model));
  }
}
