package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.VideoUnderstandingRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Answers a question. */
@Command(
    name = "ask",
    description = {
      "Answers a question on an image, on several images or on a video. Standard output gets the"
          + " answer alone."
    })
final class AskCommand implements Callable<Integer> {

  /** What the demo model was trained with. */
  private static final int DEMO_FRAMES = 8;

  private final CliContext context;

  @Parameters(
      arity = "1..*",
      hideParamSyntax = true,
      paramLabel = "FILE... QUESTION",
      description = {
        "Images (PNG, JPEG, BMP, GIF, TIFF, WebP), or one video (MP4, WebM or the like, a GIF with several"
            + " frames, a folder of images).",
        "The question, last, in English or Chinese; in quotes if it has several words."
      })
  private List<String> arguments;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = {
        "How many frames of a video are looked at, spread evenly. Default: "
            + VideoUnderstandingRequest.DEFAULT_FRAME_COUNT
            + ", and "
            + DEMO_FRAMES
            + " with the demo model, which was trained with as many"
      })
  private Integer frames;

  @Mixin private AnswerOptions writing;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  @Spec private CommandSpec command;

  AskCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    String question = question();
    List<Path> files = arguments.subList(0, arguments.size() - 1).stream().map(this::path).toList();
    requirePresent(files, question);
    TextOptions text = writing.options();
    if (frames != null && frames < 1) {
      throw refused("--frames: at least 1 is needed, found " + frames);
    }
    VisualFile viewed = VisualFile.open(files);
    if (frames != null && viewed instanceof VisualFile.Images) {
      throw refused("--frames: is for a video, found images; leave it out");
    }
    CliContext around = result.around(context);
    try (ShowO2 model = options.open(around)) {
      if (result.json()) {
        print(ask(model, viewed, question, text, new InterruptionCheck()));
      } else {
        try (Answer answer = new Answer(context)) {
          answer.finish(ask(model, viewed, question, text, answer));
        }
      }
    }
    return ExitCode.OK;
  }

  /** Found before anything is read. */
  private String question() {
    if (arguments.size() < 2) {
      throw refused("Missing required parameter: 'QUESTION'");
    }
    String last = arguments.get(arguments.size() - 1);
    if (last.isBlank()) {
      throw refused("QUESTION: a question is needed, found an empty one");
    }
    try {
      if (Files.exists(ShowO2CommandLine.path(last))) {
        throw refused("QUESTION: comes last, after all files, found the file " + last);
      }
    } catch (TypeConversionException e) {
      // So it is no file.
    }
    return last;
  }

  /** A file that is not there may be the first word of a question without quotes. */
  private void requirePresent(List<Path> files, String question) {
    for (int i = 0; i < files.size(); i++) {
      if (!Files.exists(files.get(i))) {
        String words = String.join(" ", arguments.subList(i, arguments.size() - 1));
        throw refused(
            "FILE: there is no file "
                + files.get(i)
                + (i == 0
                    ? ""
                    : "; if it belongs to the question, put that in quotes: \""
                        + words
                        + " "
                        + question
                        + "\""));
      }
    }
  }

  private Path path(String name) {
    try {
      return ShowO2CommandLine.path(name);
    } catch (TypeConversionException e) {
      throw refused("FILE: " + e.getMessage());
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private GeneratedText ask(
      ShowO2 model,
      VisualFile viewed,
      String question,
      TextOptions text,
      GenerationListener listener) {
    if (viewed instanceof VisualFile.Video video) {
      int count = frameCount();
      VideoUnderstandingRequest request =
          VideoUnderstandingRequest.builder(
                  video.frames(count, model.bundle().architecture()), question)
              .frameCount(count)
              .options(text)
              .build();
      return model.videoUnderstanding().ask(request, listener);
    }
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(
                ((VisualFile.Images) viewed).images(model.bundle().architecture()), question)
            .options(text)
            .build();
    return model.imageUnderstanding().ask(request, listener);
  }

  private int frameCount() {
    if (frames != null) {
      return frames;
    }
    return options.isDemo() ? DEMO_FRAMES : VideoUnderstandingRequest.DEFAULT_FRAME_COUNT;
  }

  private void print(GeneratedText answer) {
    JsonObject json = Json.text(answer);
    json.addProperty("seed", Seeds.number(writing.seed()));
    ResultOptions.print(json, context.out());
  }

  /** Shows nothing, and ends a text when the user does not want to wait for it. */
  private static final class InterruptionCheck implements GenerationListener {

    @Override
    public void token(GeneratedToken token) {
      Interruption.check();
    }
  }
}
