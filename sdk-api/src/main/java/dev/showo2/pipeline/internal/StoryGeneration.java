package dev.showo2.pipeline.internal;

import dev.showo2.model.SpecialTokens;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.StoryPart;
import dev.showo2.pipeline.StoryRequest;
import dev.showo2.sampler.TorchRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The generation of one story: text and images in turn. Runs on the thread of its request.
 *
 * @param model that generates
 * @param request of the caller
 * @param run context of the request
 * @param random generator for sampled tokens
 * @param images generates the images
 * @param prefix the story so far; stays open
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoryGeneration(
    LoadedModel model,
    StoryRequest request,
    RequestContext run,
    TorchRandom random,
    StoryImages images,
    StoryPrefix prefix) {

  /** {@return the whole story} */
  public GeneratedStory tell() {
    Optional<DenoisingBranch> unconditional = images.unconditional();
    try {
      return tell(new DenoisingBranches(prefix.imageBranch(), unconditional));
    } finally {
      unconditional.ifPresent(DenoisingBranch::close);
    }
  }

  private GeneratedStory tell(DenoisingBranches branches) {
    List<StoryPart> parts = new ArrayList<>();
    for (int image = 0; ; image++) {
      GeneratedText text = text();
      parts.add(new StoryPart.Text(text));
      if (!opensImage(text)) {
        return new GeneratedStory(parts, ending(text), images.seed());
      }
      if (image == request.maxImages()) {
        return new GeneratedStory(parts, GeneratedStory.Finish.IMAGE_LIMIT, images.seed());
      }
      run.check();
      prefix.endText(text.ids());
      GeneratedImage drawn = images.draw(image, branches, run);
      parts.add(new StoryPart.Image(drawn));
      run.check();
      prefix.addImage(drawn.latents());
    }
  }

  private GeneratedText text() {
    run.check();
    SpecialTokens tokens = model.bundle().manifest().specialTokens();
    return new TextGenerator(model, request.text(), Set.of(tokens.eos(), tokens.boi()))
        .generate(prefix.textCache(), prefix.continueText(), prefix.ids(), random, run);
  }

  private boolean opensImage(GeneratedText text) {
    int[] ids = text.ids();
    return text.finish() == GeneratedText.Finish.STOP_TOKEN
        && ids[ids.length - 1] == model.bundle().manifest().specialTokens().boi();
  }

  private static GeneratedStory.Finish ending(GeneratedText text) {
    return text.finish() == GeneratedText.Finish.STOP_TOKEN
        ? GeneratedStory.Finish.COMPLETE
        : GeneratedStory.Finish.TEXT_LIMIT;
  }
}
