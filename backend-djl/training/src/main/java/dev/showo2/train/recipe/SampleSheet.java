package dev.showo2.train.recipe;

import dev.showo2.ShowO2;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.spi.Backend;
import dev.showo2.train.StepSampler;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws fixed prompts with fixed seeds into one image, a row for each prompt, and answers fixed
 * questions into a text beside it.
 */
final class SampleSheet implements StepSampler {

  private static final int GAP = 4;
  private static final int WHITE = 0xffffff;

  private final SampleSettings settings;
  private final Bundle bundle;

  SampleSheet(SampleSettings settings, Bundle bundle) {
    this.settings = settings;
    this.bundle = bundle;
  }

  @Override
  public List<Path> sample(Backend backend, long step, Path folder) throws IOException {
    Path samples = Files.createDirectories(folder.resolve("samples"));
    List<Path> files = new ArrayList<>();
    try (ShowO2 model = ShowO2.of(bundle, backend)) {
      if (!settings.prompts().isEmpty()) {
        Path file = samples.resolve("step-" + step + ".png");
        PngWriter.write(sheet(draw(model)), PngText.NONE, file);
        files.add(file);
      }
      if (!settings.questions().isEmpty()) {
        files.add(write(answer(model), samples.resolve("step-" + step + ".txt")));
      }
    }
    return files;
  }

  private List<BufferedImage> draw(ShowO2 model) {
    List<BufferedImage> images = new ArrayList<>();
    for (String prompt : settings.prompts()) {
      FlowOptions options = settings.options();
      for (int i = 0; i < settings.images(); i++) {
        TextToImageRequest request =
            TextToImageRequest.builder(prompt)
                .options(options)
                .seed(options.seed().orElse(1) + i)
                .build();
        images.add(model.textToImage().generate(request, GenerationListener.NONE).image());
      }
    }
    return images;
  }

  private BufferedImage sheet(List<BufferedImage> images) {
    int columns = settings.images();
    int rows = images.size() / columns;
    int width = images.get(0).getWidth() + GAP;
    int height = images.get(0).getHeight() + GAP;
    BufferedImage sheet =
        new BufferedImage(columns * width - GAP, rows * height - GAP, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        boolean inside = x % width < width - GAP && y % height < height - GAP;
        BufferedImage image = images.get(y / height * columns + x / width);
        sheet.setRGB(x, y, inside ? image.getRGB(x % width, y % height) : WHITE);
      }
    }
    return sheet;
  }

  private String answer(ShowO2 model) throws IOException {
    StringBuilder text = new StringBuilder();
    for (SampleSettings.Question question : settings.questions()) {
      if (!Files.isRegularFile(question.image())) {
        throw new InvalidRequestException(
            "no image at " + question.image() + ", of which a question in 'samples' asks");
      }
      ImageUnderstandingRequest request =
          ImageUnderstandingRequest.builder(ImageDecoder.read(question.image()), question.text())
              .maxTokens(settings.maxTokens())
              .build();
      text.append(question.image())
          .append('\n')
          .append(question.text())
          .append('\n')
          .append(model.imageUnderstanding().ask(request, GenerationListener.NONE).text())
          .append("\n\n");
    }
    return text.toString();
  }

  private static Path write(String text, Path file) throws IOException {
    try (PendingFile pending = PendingFile.file(file, "answers")) {
      Files.writeString(pending.path(), text);
      pending.complete();
    }
    return file;
  }
}
