package dev.showo2.samples.cli;

import dev.showo2.pipeline.TextToVideoRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a video. */
@Command(
    name = "video",
    description = {
      "Makes a short video from a prompt.",
      "What is left open is taken from the model's recommended settings."
    })
final class VideoCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      paramLabel = "PROMPT",
      description = "What happens, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Mixin private VideoOptions video;

  VideoCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    TextToVideoRequest.Builder builder = TextToVideoRequest.builder(prompt).options(video.flow());
    video.latentFrames().ifPresent(builder::latentFrames);
    TextToVideoRequest request = builder.build();
    return video.write(
        context,
        (model, frames, listener) -> model.textToVideo().generate(request, frames, listener));
  }
}
