package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.media.ImageDecoder;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextToImageRequest;
import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PyTorch and ONNX Runtime, which share neither graphs nor kernels, in one process. */
@ExtendWith(ExportedFixtures.class)
class EnginesAgreeTest {

  /** Of all pixels; the others may differ by more than one level. */
  private static final double ALIKE = 0.999;

  private static FixtureModels models;
  private static ShowO2 onnx;
  private static ShowO2 djl;

  @BeforeAll
  static void open(FixtureModels exported) {
    models = exported;
    onnx = open("onnx");
    djl = open("djl");
  }

  private static ShowO2 open(String backend) {
    return ShowO2.builder(models.bundle("demo").directory()).backend(backend).open();
  }

  @AfterAll
  static void close() {
    djl.close();
    onnx.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a red circle.",
        "a small blue square at the bottom on a white background.",
        "a large green triangle."
      })
  void imagesOfOneSeed(String prompt, TestReporter reporter) {
    TextToImageRequest request = TextToImageRequest.builder(prompt).seed(7).build();
    int[] expected = pixels(onnx.textToImage().generate(request).image());
    int[] found = pixels(djl.textToImage().generate(request).image());
    assertEquals(expected.length, found.length);
    long alike =
        IntStream.range(0, found.length)
            .filter(i -> difference(expected[i], found[i]) <= 1)
            .count();
    reporter.publishEntry(alike + " of " + found.length + " pixels within one level");
    assertTrue(alike >= ALIKE * found.length, alike + " of " + found.length + " pixels alike");
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static int difference(int one, int other) {
    return IntStream.of(0, 8, 16)
        .map(shift -> Math.abs((one >> shift & 0xff) - (other >> shift & 0xff)))
        .max()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "03", "05"})
  void answersTokenForToken(String image) throws Exception {
    BufferedImage shown =
        ImageDecoder.read(models.path("demo").resolve("samples/und/" + image + ".png"));
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(shown, "What is in the image?").build();
    assertArrayEquals(
        onnx.imageUnderstanding().ask(request, GenerationListener.NONE).ids(),
        djl.imageUnderstanding().ask(request, GenerationListener.NONE).ids());
  }
}
