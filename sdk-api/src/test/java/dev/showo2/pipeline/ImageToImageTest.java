package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.error.BackendException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ImageArguments that are changed as a whole; they have 32x32 pixels and latents of 4x4. */
class ImageToImageTest {

  private static final String PROMPT = "a red circle";
  private static final BufferedImage IMAGE = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
  private static final float[] NOISE = new TorchRandom(7).normals(256);

  /** No two values of it are the same. */
  private static final HostTensor MEAN =
      new HostTensor(Shape.of(1, 16, 1, 4, 4), new TorchRandom(11).normals(256));

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = backend();
  private final List<DenoisingStep> steps = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  /** The second is so near to 0 that 1 minus it is 1. */
  @ParameterizedTest
  @ValueSource(floats = {0, 1e-9f, Float.MIN_VALUE})
  void withoutNoiseTheImageIsEncodedAndDecoded(float strength) {
    GeneratedImage result = change(request().strength(strength).build());
    assertEquals(MEAN, result.latents());
    assertEquals(
        List.of(
            "upload [1, 3, 1, 32, 32]",
            "encode [1, 3, 1, 32, 32]",
            "read [1, 16, 1, 4, 4]",
            "upload [1, 16, 1, 4, 4]",
            "decode [1, 16, 1, 4, 4]",
            "read [1, 3, 1, 32, 32]"),
        backend.log().calls());
    assertEquals(List.of(), steps);
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @EnumSource
  void withNothingButNoiseItIsDrawnAnew(Solver solver) {
    ImageToImageRequest request = request().strength(1).solver(solver).guidanceEnd(0.5f).build();
    GeneratedImage fresh =
        new TextToImage(fixture.model(new FakeBackend()))
            .generate(TextToImageRequest.builder(PROMPT).options(request.options()).build());
    assertArrayEquals(fresh.latents().values(), change(request).latents().values());
    assertArrayEquals(NOISE, steps.get(0).latents().values());
  }

  /** Of eight steps under shift 3, those from time 1 - strength on. */
  @ParameterizedTest
  @CsvSource({"1, 8", "0.75, 4", "0.5, 2", "0.3, 1", "0.01, 1", "0.99, 8"})
  void fewerStepsAreLeftToALaterStart(float strength, int left) {
    change(request().strength(strength).steps(9).build());
    assertEquals(left, backend.log().count("fusion"));
    assertEquals(2 * left, backend.log().count("backbone evaluate"));
    assertEquals(left + 1, steps.size());
    assertEquals(1 - strength, steps.get(0).time());
    assertEquals(1, steps.get(left).time(), 1e-6f);
    assertEquals(left, steps.get(0).total());
  }

  @ParameterizedTest
  @ValueSource(floats = {0.25f, 0.5f, 0.75f})
  void theFlowStartsFromTheNoisyImage(float strength) {
    float start = 1 - strength;
    GeneratedImage result = change(request().strength(strength).guidanceScale(0).build());
    float velocity = fixture.tokenizer().encode(PROMPT).length + 2;
    for (int i = 0; i < NOISE.length; i++) {
      float noisy = start * MEAN.values()[i] + strength * NOISE[i];
      assertEquals(noisy, steps.get(0).latents().values()[i], 1e-6f);
      assertEquals(noisy + strength * velocity, result.latents().values()[i], 1e-5f);
    }
    assertEquals(result.latents(), steps.get(steps.size() - 1).latents());
  }

  @Test
  void moreEvaluationsWhereTheSolverTakesThem() {
    change(request().strength(0.5f).steps(9).solver(Solver.RK4).guidanceEnd(0.5f).build());
    assertEquals(8, backend.log().count("fusion"));
    assertEquals(4, backend.log().count("backbone evaluate FULL 2+5"));
  }

  @Test
  void theImageIsEncodedOnceInTheSizeOfTheResult() throws IOException {
    try (PipelineFixture interpolating = new PipelineFixture(folder.resolve("other"), 9)) {
      FakeBackend any = new FakeBackend();
      GeneratedImage result =
          new ImageToImage(interpolating.model(any)).generate(request().size(48, 16).build());
      assertEquals(List.of("encode [1, 3, 1, 16, 48]"), any.log().calls("encode"));
      assertEquals(48, result.image().getWidth());
      assertEquals(16, result.image().getHeight());
    }
  }

  @Test
  void theSeedDecidesTheResult() {
    HostTensor five = change(request().seed(5).build()).latents();
    assertEquals(five, change(request().seed(5).build()).latents());
    assertNotEquals(five, change(request().seed(6).build()).latents());
  }

  @Test
  void theResultCarriesItsSettings() {
    Map<String, String> settings = new HashMap<>(change(request().build()).settings().entries());
    assertEquals("0.75", settings.remove("strength"));
    assertEquals(
        new TextToImage(fixture.model(backend))
            .generate(TextToImageRequest.builder(PROMPT).seed(7).build())
            .settings()
            .entries(),
        settings);
    assertEquals("given", change(request().mask(mask()).build()).settings().entries().get("mask"));
  }

  @Test
  void anEncoderOfAnotherSizeIsAtFault() {
    FakeBackend other =
        new FakeBackend().encodingAs(new HostTensor(Shape.of(1, 16, 1, 2, 2), new float[64]));
    for (float strength : new float[] {0, 0.5f}) {
      assertFails(
          BackendException.class,
          () ->
              new ImageToImage(fixture.model(other)).generate(request().strength(strength).build()),
          "image: latents [1, 16, 1, 4, 4] are needed, found [1, 16, 1, 2, 2]; the encoder");
    }
    assertEquals(0, other.log().stillOpen());
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        ImageToImageTest::backend, model -> new ImageToImage(model).generate(request().build()));
    fixture.assertNothingLeaks(
        ImageToImageTest::backend,
        model -> new ImageToImage(model).generate(request().mask(mask()).build()));
  }

  private GeneratedImage change(ImageToImageRequest request) {
    return new ImageToImage(fixture.model(backend)).generate(request, Listeners.collecting(steps));
  }

  private static FakeBackend backend() {
    return new FakeBackend().encodingAs(MEAN);
  }

  /** One pixel in the middle may change. */
  private static BufferedImage mask() {
    BufferedImage mask = new BufferedImage(40, 50, BufferedImage.TYPE_BYTE_GRAY);
    mask.setRGB(20, 25, 0xffffffff);
    return mask;
  }

  private static ImageToImageRequest.Builder request() {
    return ImageToImageRequest.builder(IMAGE, PROMPT).seed(7);
  }
}
