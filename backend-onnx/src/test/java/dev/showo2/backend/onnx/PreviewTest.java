package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compares previews with the images that follow them. */
@ExtendWith(ExportedModels.class)
class PreviewTest {

  private static final int STEPS = 20;
  private static final int EVERY = 6;

  /** Of 255: as near as a linear map of single latents comes. */
  private static final double CLOSE = 25;

  @Test
  void previewsShowWhatTheImageBecomes(Models models, TestReporter reporter) {
    List<String> prompts =
        List.of("a red circle", "a blue square on a black background", "一个绿色三角形");
    List<List<Preview>> previews = new ArrayList<>();
    List<BufferedImage> images = new ArrayList<>();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      for (String prompt : prompts) {
        previews.add(new ArrayList<>());
        GeneratedImage image = draw(open, prompt, previews.get(images.size()));
        images.add(Images.shrunk(image.image(), 8));
      }
    }
    for (int i = 0; i < prompts.size(); i++) {
      assertEquals(List.of(6, 12, 18), previews.get(i).stream().map(Preview::step).toList());
      for (Preview preview : previews.get(i)) {
        requireNearest(i, preview, images, reporter);
      }
    }
  }

  private static void requireNearest(
      int own, Preview preview, List<BufferedImage> images, TestReporter reporter) {
    List<Double> differences =
        images.stream().map(each -> Images.meanDifference(preview.image(), each)).toList();
    reporter.publishEntry("image " + own + ", step " + preview.step(), differences.toString());
    assertTrue(differences.get(own) < CLOSE, differences::toString);
    assertEquals(differences.get(own), Collections.min(differences), "nearest of " + differences);
  }

  private static GeneratedImage draw(OpenBackend open, String prompt, List<Preview> previews) {
    return new TextToImage(open.model())
        .generate(
            TextToImageRequest.builder(prompt).seed(7).steps(STEPS).build(),
            new GenerationListener() {
              @Override
              public int previewEvery() {
                return EVERY;
              }

              @Override
              public void preview(Preview preview) {
                previews.add(preview);
              }
            });
  }
}
