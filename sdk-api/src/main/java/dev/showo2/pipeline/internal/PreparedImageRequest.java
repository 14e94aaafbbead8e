package dev.showo2.pipeline.internal;

import dev.showo2.media.PngText;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.tensor.HostTensor;
import org.apiguardian.api.API;

/**
 * A validated request for an image: completed by the model's defaults, with its prompts tokenized
 * and its noise drawn. Immutable.
 *
 * @param request of the caller
 * @param settings of the flow
 * @param prompt token ids
 * @param negativePrompt token ids; empty for the empty prompt
 * @param size of the image
 * @param seed of the noise
 * @param noise [1, C, 1, h, w]
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record PreparedImageRequest(
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
  public static PreparedImageRequest of(LoadedModel model, TextToImageRequest request) {
    FlowOptions options = request.options();
    FlowSettings settings = FlowSettings.of(model.bundle().manifest().defaults(), options);
    int[] prompt = PromptEncoder.encodePrompt(model, "prompt", request.prompt());
    int[] negative =
        PromptEncoder.encodePrompt(model, "negative prompt", settings.negativePrompt());
    ImageSize size = ImageSize.of(model.architecture(), request.width(), request.height());
    long seed = options.seed().orElseGet(InitialLatents::anySeed);
    HostTensor noise =
        InitialLatents.of(options.initialLatents(), size.latentShape(model.architecture()), seed);
    return new PreparedImageRequest(request, settings, prompt, negative, size, seed, noise);
  }

  /**
   * Prefills the branches of the image.
   *
   * @param model that generates
   * @param settings those of this request, or for a later start the rest of them
   * @param run context of the request
   * @return the branches, to be closed by the caller
   */
  public DenoisingBranches prefill(LoadedModel model, FlowSettings settings, RequestContext run) {
    SequenceLayout layout = model.layout();
    return DenoisingBranches.start(
        model.backend(),
        run,
        settings.isGuided(),
        layout.imagePrefix(prompt),
        layout.imagePrefix(negativePrompt));
  }

  /**
   * Describes the request for the metadata of the image.
   *
   * @param model that generates
   * @return the settings that reproduce the image
   */
  public PngText describe(LoadedModel model) {
    return settings.describe(
        request.prompt(), seed, request.options().initialLatents().isPresent(), model);
  }
}
