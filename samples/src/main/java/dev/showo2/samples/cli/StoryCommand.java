package dev.showo2.samples.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedStory;
import dev.showo2.pipeline.StoryPart;
import dev.showo2.pipeline.StoryRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final CliContext context;

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

  StoryCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    StoryRequest request = request();
    CliContext around = result.around(context);
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
   * With a seed, chosen here if need be: text and images of the seed that is printed are again the
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
      ResultOptions.print(StoryFolder.json(story, out.path()), context.out());
      return;
    }
    int drawn = story.images().size();
    context
        .out()
        .println(
            "Wrote "
                + OutputFile.absolute(out.path().resolve(StoryFolder.TEXT))
                + " ("
                + drawn
                + (drawn == 1 ? " image" : " images")
                + ", seed "
                + Seeds.text(story.seed())
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

  /** A story as files: its text as Markdown, which shows the images beside it. */
  private static final class StoryFolder {

    static final String TEXT = "story.md";

    /** What Markdown would take for more than text. */
    private static final String MARKUP = "\\`*_[]<>#&|~";

    private StoryFolder() {}

    /**
     * @param folder to make
     */
    static void write(String prompt, GeneratedStory story, Path folder) throws IOException {
      Files.createDirectory(folder);
      StringBuilder text = new StringBuilder("# ").append(escaped(prompt.strip())).append("\n");
      int images = 0;
      for (StoryPart part : story.parts()) {
        Interruption.check();
        if (part instanceof StoryPart.Image image) {
          String name = name(++images);
          image.image().savePng(folder.resolve(name));
          text.append("\n![image ").append(images).append("](").append(name).append(")\n");
        } else if (part instanceof StoryPart.Text written && !written.text().text().isBlank()) {
          text.append("\n").append(escaped(written.text().text().strip())).append("\n");
        }
      }
      Files.writeString(folder.resolve(TEXT), text);
    }

    private static String name(int image) {
      return "image-" + image + ".png";
    }

    /** One paragraph that reads as it is. */
    private static String escaped(String text) {
      StringBuilder escaped = new StringBuilder();
      text.replaceAll("\\s+", " ")
          .codePoints()
          .forEach(
              c -> {
                if (MARKUP.indexOf(c) >= 0) {
                  escaped.append('\\');
                }
                escaped.appendCodePoint(c);
              });
      return escaped.toString();
    }

    static JsonObject json(GeneratedStory story, Path folder) {
      JsonArray parts = new JsonArray();
      int images = 0;
      for (StoryPart part : story.parts()) {
        if (part instanceof StoryPart.Image image) {
          parts.add(Json.image(folder.resolve(name(++images)), image.image()));
        } else if (part instanceof StoryPart.Text text) {
          parts.add(Json.text(text.text()));
        }
      }
      JsonObject json = new JsonObject();
      json.addProperty("file", OutputFile.absolute(folder.resolve(TEXT)).toString());
      json.addProperty("seed", Seeds.number(story.seed()));
      json.addProperty("finish", Json.name(story.finish()));
      json.add("parts", parts);
      return json;
    }
  }
}
