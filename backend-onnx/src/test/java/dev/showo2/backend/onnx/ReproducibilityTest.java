package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.media.ImageDecoder;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.spi.BackendConfig;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same request gives the same pixels and tokens, however many threads and neighbors it has. */
@ExtendWith(ExportedModels.class)
class ReproducibilityTest {

  private static final int REQUESTS = 6;

  @Test
  void imagesAndAnswersDependOnTheRequestOnly(Models models) throws Exception {
    BufferedImage image = ImageDecoder.read(models.fixture("demo").resolve("samples/und/03.png"));
    List<int[]> expected = new ArrayList<>();
    try (OpenBackend open = open(models, 1)) {
      for (int i = 0; i < REQUESTS; i++) {
        expected.add(run(open, image, i));
      }
    }
    assertFalse(Arrays.equals(expected.get(0), expected.get(2)), "seeds make a difference");

    try (OpenBackend open = open(models, 2)) {
      for (int i = 0; i < REQUESTS; i++) {
        assertArrayEquals(expected.get(i), run(open, image, i), "on two threads, request " + i);
      }
      ExecutorService executor = Executors.newFixedThreadPool(4);
      try {
        List<Future<int[]>> results = new ArrayList<>();
        for (int i = 0; i < 2 * REQUESTS; i++) {
          int request = i % REQUESTS;
          results.add(executor.submit(() -> run(open, image, request)));
        }
        for (int i = 0; i < results.size(); i++) {
          assertArrayEquals(
              expected.get(i % REQUESTS), results.get(i).get(), "beside others, request " + i);
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  private static OpenBackend open(Models models, int threads) {
    return OpenBackend.open(
        models.bundle("demo"), BackendConfig.builder().threads(threads).build());
  }

  /** Images for even numbers, answers for odd ones. */
  private static int[] run(OpenBackend open, BufferedImage shown, int request) {
    if (request % 2 == 0) {
      BufferedImage image =
          new TextToImage(open.model())
              .generate(
                  TextToImageRequest.builder("a small red circle at the top.")
                      .seed(request)
                      .steps(8)
                      .build())
              .image();
      return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
    return new ImageUnderstanding(open.model())
        .ask(
            ImageUnderstandingRequest.builder(shown, "What is in the image?").seed(request).build(),
            GenerationListener.NONE)
        .ids();
  }
}
