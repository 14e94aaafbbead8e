package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Guidance;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * How the pictures of a story are drawn.
 *
 * @param settings of the first picture
 * @param laterGuidance of the others
 * @param negativePrompt token ids
 * @param seed of the first picture's noise; that of picture k is seed + k
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record StoryPictures(
    LoadedModel model,
    StoryRequest request,
    FlowSettings settings,
    Guidance laterGuidance,
    int[] negativePrompt,
    long seed) {

  /**
   * @throws InvalidRequestException if a setting is out of its range
   */
  static StoryPictures of(LoadedModel model, StoryRequest request, long seed) {
    Guidance later = new Guidance(request.laterGuidanceScale());
    FlowSettings settings =
        FlowSettings.of(model.bundle().manifest().defaults(), request.options(), later);
    return new StoryPictures(
        model,
        request,
        settings,
        later,
        Texts.encodePrompt(model, "negative prompt", settings.negativePrompt()),
        seed);
  }

  /** What guidance pushes away from, if one of the pictures is guided. */
  Optional<DenoisingBranch> unconditional() {
    if (!settings.guided() && !settings.withGuidance(laterGuidance).guided()) {
      return Optional.empty();
    }
    return Optional.of(
        DenoisingBranch.start(
            model.backend(), model.layout().beforeGeneratedImage(negativePrompt)));
  }

  /** Draws a picture and tells the listener. */
  GeneratedImage draw(int index, GuidedBranches branches, Run run) {
    FlowSettings own = index == 0 ? settings : settings.withGuidance(laterGuidance);
    Shape shape =
        ImageSize.of(model.architecture(), OptionalInt.empty(), OptionalInt.empty())
            .latentShape(model.architecture());
    HostTensor noise = InitialLatents.of(Optional.empty(), shape, seed + index);
    HostTensor latents =
        new FlowSampler(model, own, run, index).sample(noise, UnaryOperator.identity(), branches);
    BufferedImage image = new TextToImage(model).finish(latents, run, index);
    return new GeneratedImage(
        image, latents, seed + index, own.describe(request.prompt(), seed + index, false, model));
  }
}
