package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refuses invalid requests for videos before a stage is called, the encoder included. */
class VideoRefusalTest {

  private static final BufferedImage IMAGE = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
  private static final FrameSink NOWHERE = (index, frame) -> {};

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 257, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void latentFramesOutOfTheirRange(int count) {
    String message = "latent frames: 1 to 256 are needed, found " + count;
    assertFails(
        InvalidRequestException.class,
        () -> TextToVideoRequest.builder("").latentFrames(count).build(),
        message);
    assertFails(
        InvalidRequestException.class,
        () -> ImageToVideoRequest.builder(IMAGE, "").latentFrames(count).build(),
        message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 256})
  void latentFramesAtTheEndsOfTheirRangeAreTaken(int count) {
    assertEquals(
        OptionalInt.of(count),
        TextToVideoRequest.builder("").latentFrames(count).build().latentFrames());
    assertEquals(
        OptionalInt.of(count),
        ImageToVideoRequest.builder(IMAGE, "").latentFrames(count).build().latentFrames());
  }

  @Test
  void promptsThatAreTooLong() {
    String prompt = "one two three four five six seven";
    int length = fixture.tokenizer().encode(prompt).length;
    assertRefused(
        FlowOptions.DEFAULTS,
        prompt,
        "prompt: this model takes up to " + FakeBundle.MAX_PROMPT + " tokens, found " + length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void initialLatentsOfAnotherLength(long frames) {
    assertLatentsRefused(Shape.of(1, 16, frames, 4, 2));
  }

  @Test
  void initialLatentsOfAnotherShape() {
    assertLatentsRefused(Shape.of(1, 16, 2, 2, 4));
    assertLatentsRefused(Shape.of(1, 8, 2, 4, 2));
    assertLatentsRefused(Shape.of(2, 16, 2, 4, 2));
    assertLatentsRefused(Shape.of(16, 2, 4, 2));
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {
        "TEXT_EMBEDDING",
        "TIME_EMBEDDING",
        "FUSION",
        "BACKBONE",
        "FLOW_HEAD",
        "VAE_VIDEO_DECODER"
      })
  void stagesThatTheBackendLacks(Stage stage) {
    backend.without(stage).without(Stage.LANGUAGE_HEAD).without(Stage.VAE_IMAGE_DECODER);
    assertFails(
        UnsupportedFeatureException.class,
        () -> fromText().generate(TextToVideoRequest.of(""), NOWHERE),
        "the backend 'fake' cannot do text to video with this bundle: it lacks "
            + stage.id()
            + ";");
    assertFails(
        UnsupportedFeatureException.class,
        () -> fromImage().generate(ImageToVideoRequest.of(IMAGE, ""), NOWHERE),
        "cannot do image to video with this bundle: it lacks " + stage.id() + ";");
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void allStagesThatTheBackendLacksAreNamedAtOnce() {
    backend.without(Stage.VAE_IMAGE_ENCODER).without(Stage.FUSION);
    assertFails(
        UnsupportedFeatureException.class,
        () -> fromImage().generate(ImageToVideoRequest.of(IMAGE, ""), NOWHERE),
        "it lacks vae_image_encoder, fusion;");
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void theEncoderIsNotNeededForText() {
    backend.without(Stage.VAE_IMAGE_ENCODER);
    assertEquals(5, fromText().generate(TextToVideoRequest.of(""), NOWHERE).frames());
  }

  @Test
  void whatRequestsAreMadeOfMustBeThere() {
    assertFails(InvalidRequestException.class, () -> TextToVideoRequest.of(null), "prompt: text");
    assertFails(
        InvalidRequestException.class, () -> ImageToVideoRequest.of(IMAGE, null), "prompt: text");
    assertFails(
        InvalidRequestException.class,
        () -> ImageToVideoRequest.of(null, ""),
        "image: an image is needed, found null");
    assertFails(
        NullPointerException.class, () -> TextToVideoRequest.builder("").options(null), "options");
    assertFails(
        NullPointerException.class,
        () -> ImageToVideoRequest.builder(IMAGE, "").options(null),
        "options");
  }

  @Test
  void argumentsThatAreNull() {
    TextToVideoRequest text = TextToVideoRequest.of("");
    ImageToVideoRequest image = ImageToVideoRequest.of(IMAGE, "");
    GenerationListener none = GenerationListener.NONE;
    assertFails(NullPointerException.class, () -> new TextToVideo(null), "model");
    assertFails(NullPointerException.class, () -> new ImageToVideo(null), "model");
    assertFails(NullPointerException.class, () -> fromText().generate(text, null), "sink");
    assertFails(NullPointerException.class, () -> fromImage().generate(image, null), "sink");
    assertFails(
        NullPointerException.class, () -> fromText().generate(text, NOWHERE, null), "listener");
    assertFails(
        NullPointerException.class, () -> fromImage().generate(image, NOWHERE, null), "listener");
    assertFails(
        NullPointerException.class, () -> fromText().generate(null, NOWHERE, none), "request");
    assertFails(
        NullPointerException.class, () -> fromImage().generate(null, NOWHERE, none), "request");
    assertEquals(List.of(), backend.log().calls());
  }

  private TextToVideo fromText() {
    return new TextToVideo(fixture.model(backend));
  }

  private ImageToVideo fromImage() {
    return new ImageToVideo(fixture.model(backend));
  }

  private void assertLatentsRefused(Shape shape) {
    HostTensor wrong = new HostTensor(shape, new float[(int) shape.elementCount()]);
    assertRefused(
        TextToVideoRequest.builder("").initialLatents(wrong).build().options(),
        "",
        "initial latents: [1, 16, 2, 4, 2] is needed",
        "found " + shape);
  }

  private void assertRefused(FlowOptions options, String prompt, String... parts) {
    TextToVideoRequest text = TextToVideoRequest.builder(prompt).options(options).build();
    assertFails(InvalidRequestException.class, () -> fromText().generate(text, NOWHERE), parts);
    ImageToVideoRequest image = ImageToVideoRequest.builder(IMAGE, prompt).options(options).build();
    assertFails(InvalidRequestException.class, () -> fromImage().generate(image, NOWHERE), parts);
    assertEquals(List.of(), backend.log().calls());
  }
}
