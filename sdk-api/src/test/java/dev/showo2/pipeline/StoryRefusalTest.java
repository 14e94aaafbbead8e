package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stories that cannot be told are refused before a stage is called, and before the start. */
class StoryRefusalTest {

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();
  private final List<String> events = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void countsOfImages(int count) {
    assertBuildRefused(
        request -> request.maxImages(count), "max images: 1 to 64 are needed, found " + count);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64})
  void countsAtTheEndsOfTheirRangeAreTaken(int count) {
    assertEquals(count, StoryRequest.builder("").maxImages(count).build().maxImages());
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void laterGuidanceThatIsNone(float scale) {
    assertBuildRefused(
        request -> request.laterGuidanceScale(scale),
        "later guidance scale: a number from 0 (no guidance) up is needed, found " + scale);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void textsWithoutAToken(int limit) {
    assertFails(
        InvalidRequestException.class,
        () -> Stories.request("", limit).build(),
        "tokens: at least 1 is needed, found " + limit);
  }

  @Test
  void initialLatents() {
    HostTensor latents = new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);
    assertBuildRefused(
        request -> request.initialLatents(latents),
        "initial latents: a story has several images, each with noise of its own; leave them");
  }

  @Test
  void settingsOfTheFlow() {
    assertBuildRefused(request -> request.steps(1), "steps: at least 2 time points are needed");
    assertBuildRefused(request -> request.guidanceScale(-1), "guidance scale: ");
    assertBuildRefused(request -> request.timeShift(0), "time shift: ");
  }

  @Test
  void theReleasedScriptsSettingsAreTheDefaults() {
    StoryRequest request = StoryRequest.of("a");
    assertEquals("a", request.prompt());
    assertEquals(4, request.maxImages());
    assertEquals(5, request.laterGuidanceScale());
    assertEquals(FlowOptions.DEFAULTS.withSeed(request.text().seed()), request.options());
  }

  @Test
  void promptsThatAreTooLong() {
    assertFails(
        InvalidRequestException.class,
        () -> tell(StoryRequest.of("one two three four five six seven")),
        "prompt: this model takes up to");
    assertNothingBegan();
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {
        "TEXT_EMBEDDING",
        "TIME_EMBEDDING",
        "FUSION",
        "BACKBONE",
        "LANGUAGE_HEAD",
        "FLOW_HEAD",
        "VAE_IMAGE_DECODER"
      })
  void stagesThatTheBackendLacks(Stage stage) {
    backend.without(stage).without(Stage.VAE_IMAGE_ENCODER);
    assertFails(
        UnsupportedFeatureException.class,
        () -> tell(StoryRequest.of("")),
        "cannot do story with this bundle: it lacks " + stage.id() + ";");
    assertNothingBegan();
  }

  @Test
  void argumentsThatAreNull() {
    assertFails(InvalidRequestException.class, () -> StoryRequest.of(null), "prompt: text");
    assertFails(
        NullPointerException.class, () -> StoryRequest.builder("").options(null), "options");
    assertFails(NullPointerException.class, () -> new Story(null), "model");
    assertFails(NullPointerException.class, () -> tell(null), "request");
    Story stories = new Story(fixture.model(backend));
    assertFails(
        NullPointerException.class, () -> stories.tell(StoryRequest.of(""), null), "listener");
    assertNothingBegan();
  }

  private void tell(StoryRequest request) {
    new Story(fixture.model(backend)).tell(request, Listeners.recording(events, 1));
  }

  private void assertNothingBegan() {
    assertEquals(List.of(), backend.log().calls());
    assertEquals(List.of(), events);
  }

  private static void assertBuildRefused(
      UnaryOperator<StoryRequest.Builder> setting, String... parts) {
    assertFails(
        InvalidRequestException.class,
        () -> setting.apply(StoryRequest.builder("")).build(),
        parts);
  }
}
