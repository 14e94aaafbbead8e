package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.StoryRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells a story. */
@Command(
    name = "story",
    description = {
      "Tells a story in text and images and writes it as a folder with story.md and"
          + " image-1.png and so on, complete or not at all.",
      "What is left open is taken from the model's recommended settings."
    })
final class StoryCommand implements Callable<Integer> {

  private final CliContext surroundings;

  @Parameters(
      paramLabel = "PROMPT",
      description = "What to tell, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Mixin private OutputFolder out;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "" + StoryRequest.DEFAULT_MAX_IMAGES,
      description =
          "The story ends where it wants more, 1 to "
              + StoryRequest.MOST_IMAGES
              + ". Default: ${DEFAULT-VALUE}")
  private int images;

  @Option(
      names = "--later-guidance",
      paramLabel = "G",
      defaultValue = "" + StoryRequest.DEFAULT_LATER_GUIDANCE_SCALE,
      description = "Guidance of all images but the first. Default: ${DEFAULT-VALUE}")
  private float laterGuidance;

  @Mixin private DrawingOptions drawing;

  @Mixin private WritingOptions writing;

  @Mixin private PreviewOptions preview;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  StoryCommand(CliContext surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    StoryRequest request = request();
    CliContext around = result.around(surroundings);
    try (PendingFile folder = PendingFile.folder(out.path(), "a story")) {
      out.require();
      Optional<PreviewFile> shown = preview.file(out.path());
      GeneratedStory story;
      try (ShowO2 model = options.open(around);
          StepProgressListener steps = StepProgressListener.several(around, shown)) {
        story = model.story().tell(request, steps);
      }
      StoryFolder.write(prompt, story, folder.path());
      folder.complete();
      tell(story, around);
    }
    return ExitCode.OK;
  }

  /**
   * With a seed, chosen here if need be: text and images of the seed that is told are again the
   * same.
   */
  private StoryRequest request() {
    FlowOptions given = drawing.options();
    long seed = given.seed().orElseGet(() -> Integer.toUnsignedLong(new SecureRandom().nextInt()));
    return StoryRequest.builder(prompt)
        .options(given)
        .seed(seed)
        .maxImages(images)
        .laterGuidanceScale(laterGuidance)
        .text(writing.options(StoryRequest.DEFAULT_TEXT, seed))
        .build();
  }

  private void tell(GeneratedStory story, CliContext around) {
    if (result.json()) {
      ResultOptions.print(StoryFolder.json(story, out.path()), surroundings.out());
      return;
    }
    int drawn = story.images().size();
    surroundings
        .out()
        .println(
            "Wrote "
                + OutputFile.absolute(out.path().resolve(StoryFolder.TEXT))
                + " ("
                + drawn
                + (drawn == 1 ? " image" : " images")
                + ", seed "
                + story.seed()
                + ")");
    switch (story.finish()) {
      case COMPLETE -> {}
      case IMAGE_LIMIT ->
          around.note("the story would go on after " + drawn + " images; see --images");
      case TEXT_LIMIT ->
          around.note(
              "the story ended where a text came to its limit; see --max-tokens and --stop");
    }
    if (drawn == 0) {
      around.note("the story came to no image: the model saw nothing to draw in this prompt");
    }
  }
}
