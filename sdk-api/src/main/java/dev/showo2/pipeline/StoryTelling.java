package dev.showo2.pipeline;

import dev.showo2.model.SpecialTokens;
import dev.showo2.sampler.TorchRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One story while it is told. */
record StoryTelling(
    LoadedModel model,
    StoryRequest request,
    Run run,
    TorchRandom random,
    StoryPictures pictures,
    StoryHistory history) {

  GeneratedStory tell() {
    Optional<DenoisingBranch> unconditional = pictures.unconditional();
    try {
      return tell(new GuidedBranches(history.beforePicture(), unconditional));
    } finally {
      unconditional.ifPresent(DenoisingBranch::close);
    }
  }

  private GeneratedStory tell(GuidedBranches branches) {
    List<StoryPart> parts = new ArrayList<>();
    for (int picture = 0; ; picture++) {
      GeneratedText text = text();
      parts.add(new StoryPart.Text(text));
      if (!opensPicture(text)) {
        return new GeneratedStory(parts, ending(text), pictures.seed());
      }
      if (picture == request.maxPictures()) {
        return new GeneratedStory(parts, GeneratedStory.Finish.PICTURE_LIMIT, pictures.seed());
      }
      run.check();
      history.endText(text.ids());
      GeneratedImage drawn = pictures.draw(picture, branches, run);
      parts.add(new StoryPart.Picture(drawn));
      run.check();
      history.addPicture(drawn.latents());
    }
  }

  private GeneratedText text() {
    run.check();
    SpecialTokens tokens = model.bundle().manifest().specialTokens();
    return new TextGenerator(model, request.text(), Set.of(tokens.eos(), tokens.boi()))
        .generate(
            history.beforeText(), history.continueText(), history.ids(), random, run.listener());
  }

  private boolean opensPicture(GeneratedText text) {
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
