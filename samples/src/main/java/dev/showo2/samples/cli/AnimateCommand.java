package dev.showo2.samples.cli;

import dev.showo2.model.Architecture;
import dev.showo2.pipeline.ImageToVideoRequest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets an image in motion. */
@Command(
    name = "animate",
    description = {
      "Makes a short video that begins with an image, or with its middle if it has another shape.",
      "What is left open is taken from the model's recommended settings."
    })
final class AnimateCommand implements Callable<Integer> {

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, BMP, GIF, TIFF or WebP file.")
  private Path image;

  @Parameters(
      index = "1",
      paramLabel = "PROMPT",
      description = "What happens, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Mixin private VideoOptions video;

  AnimateCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    ScaledImage opened = ScaledImage.open(image);
    request(opened.checked());
    return video.write(
        context,
        (model, frames, listener) -> {
          Architecture architecture = model.bundle().architecture();
          BufferedImage first = opened.covering(architecture, architecture.videoGrid());
          return model.imageToVideo().generate(request(first), frames, listener);
        });
  }

  private ImageToVideoRequest request(BufferedImage first) {
    ImageToVideoRequest.Builder builder =
        ImageToVideoRequest.builder(first, prompt).options(video.flow());
    video.latentFrames().ifPresent(builder::latentFrames);
    return builder.build();
  }
}
