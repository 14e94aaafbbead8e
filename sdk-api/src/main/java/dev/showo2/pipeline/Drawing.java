package dev.showo2.pipeline;

import dev.showo2.media.PngText;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.tensor.HostTensor;

/**
 * A request for a picture that is known to be in order: completed by the model's defaults, its
 * prompts as tokens, its noise drawn.
 *
 * @param noise [1, C, 1, h, w]
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
record Drawing(
    TextToImageRequest request,
    FlowSettings settings,
    int[] prompt,
    int[] negativePrompt,
    ImageSize size,
    long seed,
    HostTensor noise) {

  /**
   * @throws dev.showo2.error.InvalidRequestException if the model cannot serve the request
   */
  static Drawing of(LoadedModel model, TextToImageRequest request) {
    FlowOptions options = request.options();
    FlowSettings settings = FlowSettings.of(model.bundle().manifest().defaults(), options);
    int[] prompt = Texts.encodePrompt(model, "prompt", request.prompt());
    int[] negative = Texts.encodePrompt(model, "negative prompt", settings.negativePrompt());
    ImageSize size = ImageSize.of(model.architecture(), request.width(), request.height());
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    HostTensor noise =
        InitialLatents.of(options.initialLatents(), size.latentShape(model.architecture()), seed);
    return new Drawing(request, settings, prompt, negative, size, seed, noise);
  }

  /**
   * Takes in what comes before the picture.
   *
   * @param settings as the drawing's own, or as what is left of them for a later start
   */
  GuidedBranches branches(LoadedModel model, FlowSettings settings, Run run) {
    SequenceLayout layout = model.layout();
    return GuidedBranches.start(
        model.backend(),
        run,
        settings.guided(),
        layout.beforeGeneratedImage(prompt),
        layout.beforeGeneratedImage(negativePrompt));
  }

  /** What would draw the same again. */
  PngText describe(LoadedModel model) {
    return settings.describe(
        request.prompt(), seed, request.options().initialLatents().isPresent(), model);
  }
}
