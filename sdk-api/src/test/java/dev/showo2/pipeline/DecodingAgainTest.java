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
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Latents that are no image's or video's are refused before they reach the backend. */
class DecodingAgainTest {

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

  static Stream<Shape> noLatents() {
    return Stream.of(
        Shape.of(),
        Shape.of(256),
        Shape.of(16, 1, 4, 4),
        Shape.of(2, 16, 1, 4, 4),
        Shape.of(1, 8, 1, 4, 4),
        Shape.of(1, 16, 1, 0, 4),
        Shape.of(1, 16, 0, 4, 4));
  }

  @ParameterizedTest
  @MethodSource("noLatents")
  void otherShapes(Shape shape) {
    HostTensor latents = new HostTensor(shape, new float[(int) shape.elementCount()]);
    assertFails(
        InvalidRequestException.class,
        () -> new TextToImage(fixture.model(backend)).decode(latents),
        "latents: [1, 16, 1, h, w] is needed, found " + shape);
    assertFails(
        InvalidRequestException.class,
        () -> new TextToVideo(fixture.model(backend)).decode(latents, NOWHERE),
        "latents: [1, 16, T, h, w] is needed, found " + shape);
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void videosWhereAImageIsWanted() {
    HostTensor video = new HostTensor(Shape.of(1, 16, 2, 4, 2), new float[256]);
    assertFails(
        InvalidRequestException.class,
        () -> new TextToImage(fixture.model(backend)).decode(video),
        "found [1, 16, 2, 4, 2]");
    assertEquals(5, new TextToVideo(fixture.model(backend)).decode(video, NOWHERE));
  }

  @Test
  void decodersThatAreNotThere() {
    backend.without(Stage.VAE_IMAGE_DECODER).without(Stage.VAE_VIDEO_DECODER);
    HostTensor latents = new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);
    assertFails(
        UnsupportedFeatureException.class,
        () -> new TextToImage(fixture.model(backend)).decode(latents),
        "it lacks " + Stage.VAE_IMAGE_DECODER.id());
    assertFails(
        UnsupportedFeatureException.class,
        () -> new TextToVideo(fixture.model(backend)).decode(latents, NOWHERE),
        "it lacks " + Stage.VAE_VIDEO_DECODER.id());
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void argumentsThatAreNull() {
    HostTensor latents = new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);
    assertFails(
        NullPointerException.class,
        () -> new TextToImage(fixture.model(backend)).decode(null),
        "latents");
    assertFails(
        NullPointerException.class,
        () -> new TextToVideo(fixture.model(backend)).decode(null, NOWHERE),
        "latents");
    assertFails(
        NullPointerException.class,
        () -> new TextToVideo(fixture.model(backend)).decode(latents, null),
        "sink");
  }
}
