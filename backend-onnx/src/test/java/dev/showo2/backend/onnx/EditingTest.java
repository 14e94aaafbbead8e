package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.Attributes;
import dev.showo2.demo.world.ShapeClassifier;
import dev.showo2.media.Outpainting;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.pipeline.GeneratedImage;
import dev.showo2.pipeline.ImageToImage;
import dev.showo2.pipeline.ImageToImageRequest;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changing images with the demo model, whose images have 64x64 pixels. */
@ExtendWith(ExportedModels.class)
class EditingTest {

  private static final int SIDE = 64;
  private static final int STEPS = 20;

  @Test
  void strengthZeroGivesTheImageBackAsTheVaeDoes(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a red circle").image();
      GeneratedImage same =
          new ImageToImage(open.model())
              .generate(ImageToImageRequest.builder(image, "a blue square").strength(0).build());
      BufferedImage coded = new TextToImage(open.model()).decode(encode(open, image));
      assertEquals(0, Images.meanDifference(coded, same.image()));
      assertEquals(Optional.of(redCircle()), ShapeClassifier.classify(same.image()));
    }
  }

  @Test
  void strengthOneGivesAFreshImage(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a red circle").image();
      GeneratedImage fresh = draw(open, "a blue square");
      GeneratedImage changed =
          new ImageToImage(open.model())
              .generate(
                  ImageToImageRequest.builder(image, "a blue square")
                      .strength(1)
                      .seed(11)
                      .steps(STEPS)
                      .build());
      assertEquals(fresh.latents(), changed.latents());
      assertEquals(0, Images.meanDifference(fresh.image(), changed.image()));
    }
  }

  @Test
  void whatTheMaskLeavesOutStaysAsItIs(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a red circle on a gray background").image();
      BufferedImage changed =
          new ImageToImage(open.model())
              .generate(
                  ImageToImageRequest.builder(image, "a blue square on a gray background")
                      .mask(rightHalf())
                      .strength(1)
                      .seed(11)
                      .steps(STEPS)
                      .build())
              .image();
      double left = Images.meanDifference(image, changed, 0, SIDE / 2);
      double right = Images.meanDifference(image, changed, SIDE / 2, SIDE);
      reporter.publishEntry("mean difference", "left " + left + ", right " + right);
      assertEquals(0, left);
      assertTrue(right > 10, "right half changed by only " + right);
    }
  }

  /** The circle's own edges are steeper than the seam, if there is one. */
  @Test
  void noSeamShowsWhereAChangeBegins(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a small red circle at the left").image();
      BufferedImage changed =
          new ImageToImage(open.model())
              .generate(
                  ImageToImageRequest.builder(image, "a small red circle at the left")
                      .mask(rightHalf())
                      .strength(1)
                      .seed(12)
                      .steps(STEPS)
                      .build())
              .image();
      double before = Images.stepAt(image, SIDE / 2);
      double seam = Images.stepAt(changed, SIDE / 2);
      reporter.publishEntry("step at the seam", "before " + before + ", after " + seam);
      assertTrue(seam < before + 2, "a step of " + seam + " where there was one of " + before);
    }
  }

  @Test
  void outpaintingKeepsTheImageInTheMiddle(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a big red circle on a black background").image();
      BufferedImage middle = image.getSubimage(8, 8, 48, 48);
      Outpainting canvas = Outpainting.around(middle, 8, 8, 8, 8);
      BufferedImage extended =
          new ImageToImage(open.model())
              .generate(
                  ImageToImageRequest.outpainting(canvas, "a big red circle on a black background")
                      .seed(3)
                      .steps(STEPS)
                      .build())
              .image();
      assertEquals(0, Images.meanDifference(middle, extended.getSubimage(8, 8, 48, 48)));
      assertEquals(
          Optional.of(Attributes.Background.BLACK),
          ShapeClassifier.classify(extended).map(Attributes::background));
    }
  }

  @Test
  void halfOfTheNoiseKeepsHalfOfTheImage(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      BufferedImage image = draw(open, "a red circle").image();
      double last = -1;
      for (float strength : new float[] {0, 0.3f, 1}) {
        BufferedImage changed =
            new ImageToImage(open.model())
                .generate(
                    ImageToImageRequest.builder(image, "a blue square on a black background")
                        .strength(strength)
                        .seed(5)
                        .steps(STEPS)
                        .build())
                .image();
        double difference = Images.meanDifference(image, changed);
        reporter.publishEntry("strength " + strength, Double.toString(difference));
        assertTrue(difference > last, strength + " changes by " + difference + " after " + last);
        last = difference;
      }
    }
  }

  private static Attributes redCircle() {
    return new Attributes(
        Attributes.Shape.CIRCLE,
        Attributes.Color.RED,
        Attributes.Background.WHITE,
        Attributes.Size.BIG,
        Attributes.Position.CENTER);
  }

  private static GeneratedImage draw(OpenBackend open, String prompt) {
    return new TextToImage(open.model())
        .generate(TextToImageRequest.builder(prompt).seed(11).steps(STEPS).build());
  }

  private static HostTensor encode(OpenBackend open, BufferedImage image) {
    HostTensor pixels =
        ImagePreprocessor.centerCrop(image, SIDE, SIDE).reshape(1, 3, 1, SIDE, SIDE);
    try (Tensor uploaded = open.backend().upload(pixels);
        LatentDistribution distribution = open.backend().vaeEncoder().encodeImage(uploaded)) {
      return distribution.mean().toHost();
    }
  }

  private static BufferedImage rightHalf() {
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(SIDE / 2, 0, SIDE / 2, SIDE);
    graphics.dispose();
    return mask;
  }
}
