package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refuses invalid requests before a stage is called. */
class TextToImageRefusalTest {

  @TempDir static Path folder;
  private static PipelineFixture fixture;
  private static PipelineFixture interpolating;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder.resolve("native"), 4);
    interpolating = new PipelineFixture(folder.resolve("interpolating"), 9);
  }

  @AfterAll
  static void close() {
    fixture.close();
    interpolating.close();
  }

  @Test
  void promptsThatAreTooLong() {
    String prompt = "one two three four five six seven";
    int length = fixture.tokenizer().encode(prompt).length;
    assertRefused(
        TextToImageRequest.of(prompt),
        "prompt: this model takes up to " + FakeBundle.MAX_PROMPT + " tokens, found " + length,
        "shorten it");
  }

  /** Refused by their length alone: to tell their tokens would take memory and time. */
  @Test
  void promptsOfAnySize() {
    String prompt = "a".repeat((1 << 20) + 1);
    assertFails(
        InvalidRequestException.class,
        () -> TextToImageRequest.of(prompt),
        "prompt: up to 1048576 characters are taken, found 1048577; shorten it");
    assertRefused(
        TextToImageRequest.builder("").guidanceScale(2).negativePrompt(prompt).build(),
        "negative prompt: up to 1048576 characters are taken, found 1048577; shorten it");
  }

  @ParameterizedTest
  @ValueSource(floats = {-1, Float.NaN, Float.POSITIVE_INFINITY})
  void guidanceThatIsNone(float scale) {
    assertBuildRefused(
        builder -> builder.guidanceScale(scale), "guidance scale: ", "found " + scale);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -3, Float.NaN, Float.POSITIVE_INFINITY})
  void timeShiftsThatAreNone(float shift) {
    assertBuildRefused(builder -> builder.timeShift(shift), "time shift: ", "found " + shift);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -5})
  void fewerThanTwoSteps(int steps) {
    assertBuildRefused(
        builder -> builder.steps(steps), "steps: at least 2 time points", "" + steps);
  }

  @ParameterizedTest
  @CsvSource({
    "50, 48",
    "0, 16",
    "-20, 16",
    "15, 16",
    "25, 32",
    "4100, 4096",
    "2147483647, 4096",
    "-2147483648, 16"
  })
  void sidesThatAreNoMultipleOfAToken(int side, int nearest) {
    String range = ": a multiple of 16 from 16 to 4096 pixels is needed, found " + side;
    assertRefused(sized(side, 32), "width" + range + "; the nearest is " + nearest);
    assertRefused(sized(32, side), "height" + range + "; the nearest is " + nearest);
  }

  @Test
  void otherSizesWhereTheModelDoesNotInterpolate() {
    assertRefused(
        sized(48, 32),
        "size: this model generates images of 32x32 pixels only, found 48x32",
        "models that interpolate positions");
  }

  @Test
  void otherSizesAreDrawnWhereItDoes() {
    FakeBackend backend = new FakeBackend();
    GeneratedImage result = new TextToImage(interpolating.model(backend)).generate(sized(48, 16));
    assertEquals(48, result.image().getWidth());
    assertEquals(16, result.image().getHeight());
    assertEquals(List.of("decode [1, 16, 1, 2, 6]"), backend.log().calls("decode"));
  }

  @Test
  void initialLatentsThatDoNotFit() {
    HostTensor wrong = new HostTensor(Shape.of(1, 16, 1, 2, 2), new float[64]);
    assertRefused(
        TextToImageRequest.builder("").initialLatents(wrong).build(),
        "initial latents: [1, 16, 1, 4, 4] is needed for this size, found [1, 16, 1, 2, 2]");
    HostTensor infinite = new HostTensor(Shape.of(1), new float[] {Float.NaN});
    assertBuildRefused(
        builder -> builder.initialLatents(infinite), "initial latents: finite numbers", "NaN");
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"FUSION", "FLOW_HEAD", "VAE_IMAGE_DECODER"})
  void stagesThatTheBackendLacks(Stage stage) {
    FakeBackend backend = new FakeBackend().without(stage).without(Stage.LANGUAGE_HEAD);
    assertFails(
        UnsupportedFeatureException.class,
        () -> new TextToImage(fixture.model(backend)).generate(TextToImageRequest.of("")),
        "the backend 'fake' cannot do text to image with this bundle: it lacks "
            + stage.id()
            + ";");
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void argumentsThatAreNull() {
    assertFails(InvalidRequestException.class, () -> TextToImageRequest.of(null), "prompt: text");
    TextToImageRequest request = TextToImageRequest.of("");
    TextToImage images = new TextToImage(fixture.model(new FakeBackend()));
    assertFails(NullPointerException.class, () -> images.generate(request, null), "listener");
    assertFails(NullPointerException.class, () -> new TextToImage(null), "model");
    assertFails(
        NullPointerException.class, () -> TextToImageRequest.builder("").solver(null), "solver");
  }

  private static TextToImageRequest sized(int width, int height) {
    return TextToImageRequest.builder("").size(width, height).build();
  }

  private static void assertRefused(TextToImageRequest request, String... parts) {
    FakeBackend backend = new FakeBackend();
    assertFails(
        InvalidRequestException.class,
        () -> new TextToImage(fixture.model(backend)).generate(request),
        parts);
    assertEquals(List.of(), backend.log().calls());
  }

  private static void assertBuildRefused(
      Consumer<TextToImageRequest.Builder> setting, String... parts) {
    TextToImageRequest.Builder builder = TextToImageRequest.builder("");
    setting.accept(builder);
    assertFails(InvalidRequestException.class, builder::build, parts);
  }
}
