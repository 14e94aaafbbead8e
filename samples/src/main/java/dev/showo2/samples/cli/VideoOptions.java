package dev.showo2.samples.cli;

import com.google.gson.JsonObject;
import dev.showo2.ShowO2;
import dev.showo2.media.video.FrameSink;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoWriter;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GeneratedVideo;
import dev.showo2.pipeline.GenerationListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options and the work that the commands which make videos share. */
final class VideoOptions {

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "Video to write: FILE.mp4 or FILE.webm, FILE.gif, or a new folder for its frames as PNG"
              + " files. A file that is there is replaced.")
  private Path out;

  @Option(
      names = "--fps",
      paramLabel = "R",
      defaultValue = "8",
      description = "Frames a second of the file. Default: ${DEFAULT-VALUE}")
  private double frameRate = FrameSource.DEFAULT_FRAME_RATE;

  @Option(
      names = "--latent-frames",
      paramLabel = "T",
      description = "Length: the video has 1 + 4 (T - 1) frames.")
  private Integer latentFrames;

  @Mixin private DrawingOptions drawing;

  @Mixin private PreviewOptions preview;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Makes the video of a request. */
  interface Maker {
    GeneratedVideo make(ShowO2 model, FrameSink frames, GenerationListener listener);
  }

  FlowOptions flow() {
    return drawing.options();
  }

  OptionalInt latentFrames() {
    return latentFrames == null ? OptionalInt.empty() : OptionalInt.of(latentFrames);
  }

  /** The file appears complete or not at all. */
  int write(CliContext context, Maker maker) throws IOException {
    CliContext around = result.around(context);
    try (VideoWriter writer = VideoWriter.create(out, frameRate)) {
      OutputFile.requireFolder(out, "--out", command);
      GeneratedVideo video;
      try (StepProgressListener steps = StepProgressListener.one(around, preview.file(out));
          ShowO2 model = options.open(around)) {
        if (options.isDemo()) {
          around.note(
              "the demo model knows one moving shape, and a third of its videos move another way"
                  + " than asked; --bundle runs another model");
        }
        video = maker.make(model, writer, steps);
      }
      writer.finish();
      tell(video, context);
    }
    return ExitCode.OK;
  }

  private void tell(GeneratedVideo video, CliContext context) {
    Path file = OutputFile.absolute(out);
    if (!result.json()) {
      context
          .out()
          .println(
              "Wrote "
                  + file
                  + " ("
                  + video.frames()
                  + " frames, seed "
                  + Seeds.text(video.seed())
                  + ")");
      return;
    }
    JsonObject json = new JsonObject();
    json.addProperty("file", file.toString());
    json.addProperty("frames", video.frames());
    json.addProperty("frame_rate", frameRate);
    json.addProperty("seed", Seeds.number(video.seed()));
    json.add("settings", Json.settings(video.settings()));
    ResultOptions.print(json, context.out());
  }
}
