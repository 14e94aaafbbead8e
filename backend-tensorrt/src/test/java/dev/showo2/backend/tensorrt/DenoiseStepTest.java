package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.ShowO2;
import dev.showo2.backend.tensorrt.emulation.EmulatedPlatform;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.model.Bundle;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Steps of a flow that are recorded once and launched again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DenoiseStepTest {

  private static final int POINTS = 6;

  private final FixtureModels models = new FixtureModels();

  @AfterAll
  void close() {
    models.close();
  }

  @Test
  void stepsAfterTheFirstAreLaunchedAsOneAndDrawTheSameImage() {
    EmulatedPlatform recording = new EmulatedPlatform();
    EmulatedPlatform plain = new EmulatedPlatform();
    assertArrayEquals(drawn(plain, false), drawn(recording, true));
    // One point more than steps; the first step of each of two images is the only one by itself.
    assertEquals(2 * (POINTS - 2), recording.launches());
    assertEquals(0, plain.launches());
  }

  /** Two images of different prompts, so that what is recorded for the first one is given up. */
  private int[] drawn(EmulatedPlatform platform, boolean graphs) {
    Bundle bundle = models.bundle("tiny-a");
    BackendConfig config =
        EmulatedConformanceTest.emulated().toBuilder().option("cuda-graphs", "" + graphs).build();
    // Closing the backend fails if anything is left on the GPU.
    try (Backend backend =
            new TensorRtBackendProvider(platform, EmulatedProvider.ID).open(bundle, config);
        ShowO2 model = ShowO2.of(bundle, backend)) {
      int[] first = pixels(model, "a red square");
      int[] second = pixels(model, "three blue circles");
      int[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      assertEquals(0, ((TensorRtBackend) backend).openValues());
      return both;
    }
  }

  private static int[] pixels(ShowO2 model, String prompt) {
    BufferedImage image =
        model
            .textToImage()
            .generate(TextToImageRequest.builder(prompt).seed(3).steps(POINTS).build())
            .image();
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }
}
