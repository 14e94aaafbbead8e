package dev.showo2.samples.cli;

import dev.showo2.ShowO2;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.Outpainting;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.internal.ImageSize;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes an image. */
@Command(
    name = "edit",
    description = {
      "Changes an image, or its middle if it has another shape than the model's images, and"
          + " writes the result; a PNG file carries its settings.",
      "With --mask or --outpaint, what is not to change stays as it is."
    })
final class EditCommand implements Callable<Integer> {

  private static final int SIDES = 4;

  private final CliContext context;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "PNG, JPEG, BMP, GIF, TIFF or WebP file.")
  private Path image;

  @Parameters(
      index = "1",
      paramLabel = "PROMPT",
      description = "What to draw, in English or Chinese; in quotes if it has several words.")
  private String prompt;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = {
        "Image to write, in the format of its name: " + ImageFile.FORMATS + ".",
        "One that is there is replaced."
      })
  private Path out;

  @Option(
      names = "--strength",
      paramLabel = "S",
      description =
          "From 0 (as it is) to 1 (drawn anew). Default: "
              + ImageToImageRequest.DEFAULT_STRENGTH
              + ", with --outpaint 1")
  private Float strength;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description =
          "Image of the same size: what is white there may change, black stays. If it has"
              + " transparent pixels, these may change, whatever the colors.")
  private Path mask;

  @Option(
      names = "--outpaint",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "LEFT,TOP,RIGHT,BOTTOM",
      description = "Pixels to add around the image, which are drawn, and stays itself.")
  private int[] outpaint;

  @Mixin private DrawingOptions drawing;

  @Mixin private SizeOptions size;

  @Mixin private PreviewOptions preview;

  @Mixin private ResultOptions result;

  @Mixin private ModelOptions options;

  @Spec private CommandSpec command;

  EditCommand(CliContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (mask != null && outpaint != null) {
      throw refused("--mask and --outpaint both say what may change; leave one of them out");
    }
    if (outpaint != null && outpaint.length != SIDES) {
      throw refused(
          "--outpaint: LEFT,TOP,RIGHT,BOTTOM in pixels is needed, found "
              + outpaint.length
              + " numbers");
    }
    // Masks and canvases belong to the pixels of the file.
    boolean whole = mask != null || outpaint != null;
    Optional<ScaledImage> scaled = whole ? Optional.empty() : Optional.of(ScaledImage.open(image));
    ImageToImageRequest checked =
        request(scaled.map(ScaledImage::checked).orElseGet(() -> ImageDecoder.read(image)));
    Dimension from =
        scaled
            .map(ScaledImage::size)
            .orElseGet(
                () -> new Dimension(checked.image().getWidth(), checked.image().getHeight()));
    ImageFile.require(out, "--out", command);
    Optional<PreviewFile> shown = preview.file(out);
    CliContext around = result.around(context);
    GeneratedImage edited;
    try (ShowO2 model = options.open(around);
        StepProgressListener steps = StepProgressListener.one(around, shown)) {
      ImageSize target = ImageSize.of(model.bundle().architecture(), size.width(), size.height());
      ImageToImageRequest request =
          scaled
              .map(opened -> request(opened.covering(target.width(), target.height())))
              .orElse(checked);
      edited = model.imageToImage().generate(request, steps);
    }
    ImageFile.write(edited.image(), edited.settings(), out);
    tell(from, edited, around);
    return ExitCode.OK;
  }

  private ImageToImageRequest request(BufferedImage read) {
    ImageToImageRequest.Builder builder = builder(read);
    builder.options(drawing.options());
    if (strength != null) {
      builder.strength(strength);
    }
    size.width().ifPresent(builder::width);
    size.height().ifPresent(builder::height);
    return builder.build();
  }

  private ImageToImageRequest.Builder builder(BufferedImage read) {
    if (outpaint != null) {
      return ImageToImageRequest.outpainting(
          Outpainting.around(read, outpaint[0], outpaint[1], outpaint[2], outpaint[3]), prompt);
    }
    ImageToImageRequest.Builder builder = ImageToImageRequest.builder(read, prompt);
    return mask == null ? builder : builder.mask(ImageDecoder.readMask(mask));
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private void tell(Dimension from, GeneratedImage image, CliContext around) {
    BufferedImage to = image.image();
    if ((long) from.width * to.getHeight() != (long) from.height * to.getWidth()) {
      around.note(
          String.format(
              "only the middle of %dx%d pixels was taken: the model draws %dx%d",
              from.width, from.height, to.getWidth(), to.getHeight()));
    }
    if (result.json()) {
      ResultOptions.print(Json.image(out, image), context.out());
    } else {
      context
          .out()
          .println(
              "Wrote " + OutputFile.absolute(out) + " (seed " + Seeds.text(image.seed()) + ")");
    }
  }
}
