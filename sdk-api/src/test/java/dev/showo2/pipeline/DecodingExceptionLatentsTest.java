package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Latents that many steps went into outlive a decoding that fails. */
class DecodingExceptionLatentsTest {

  private static final FrameSink NOWHERE = (index, frame) -> {};

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aImageIsDecodedFromThemLater() {
    TextToImageRequest request = TextToImageRequest.builder("a").seed(7).build();
    FakeBackend whole = new FakeBackend();
    HostTensor expected = new TextToImage(fixture.model(whole)).generate(request).latents();
    FakeBackend failing = failingAt(whole, "decode");
    TextToImage images = new TextToImage(fixture.model(failing));
    DecodingException failed =
        assertThrows(DecodingException.class, () -> images.generate(request));
    assertEquals(expected, failed.latents());
    assertEquals(
        "the latents are done but could not be decoded: told to fail at decode [1, 16, 1, 4, 4];"
            + " they are kept in this exception, to be decoded later",
        failed.getMessage());
    assertEquals(BackendException.class, failed.getCause().getClass());
    assertEquals(0, failing.log().stillOpen());
    int evaluations = failing.log().count("fusion");
    BufferedImage image = images.decode(failed.latents());
    assertEquals(32, image.getWidth());
    assertEquals(evaluations, failing.log().count("fusion"));
    assertEquals(0, failing.log().stillOpen());
  }

  @ParameterizedTest
  @CsvSource({"stream open, 0", "stream decode, 0", "stream decode, 1"})
  void aVideoIsDecodedFromThemLater(String call, int which) {
    TextToVideoRequest request = TextToVideoRequest.builder("a").seed(7).build();
    FakeBackend whole = new FakeBackend();
    HostTensor expected =
        new TextToVideo(fixture.model(whole)).generate(request, NOWHERE).latents();
    FakeBackend failing = failingAt(whole, call, which);
    TextToVideo videos = new TextToVideo(fixture.model(failing));
    DecodingException failed =
        assertThrows(DecodingException.class, () -> videos.generate(request, NOWHERE));
    assertEquals(expected, failed.latents());
    assertEquals(0, failing.log().stillOpen());
    List<BufferedImage> frames = new ArrayList<>();
    assertEquals(5, videos.decode(failed.latents(), FrameSink.into(frames)));
    assertEquals(
        List.of(0, 1, 2, 3, 4), frames.stream().map(frame -> frame.getRGB(0, 0) & 0xff).toList());
    assertEquals(0, failing.log().stillOpen());
  }

  @ParameterizedTest
  @EnumSource(names = {"IMAGE_TO_IMAGE", "INPAINTING", "IMAGE_TO_VIDEO", "STORY"})
  void otherTasksKeepThemToo(EachTask task) {
    List<DenoisingStep> steps = new ArrayList<>();
    FakeBackend whole = task.backend();
    task.run(fixture.model(whole), GenerationListener.NONE);
    FakeBackend failing = task.backend();
    failing.log().failAt(index(whole, "(stream )?decode.*", 0));
    DecodingException failed =
        assertThrows(
            DecodingException.class,
            () -> task.run(fixture.model(failing), Listeners.collecting(steps)));
    assertEquals(steps.get(2).latents().shape(), failed.latents().shape());
    if (task != EachTask.INPAINTING) {
      assertEquals(steps.get(2).latents(), failed.latents());
    }
    assertEquals(0, failing.log().stillOpen());
  }

  @Test
  void theyAreKeptWhenMemoryRunsOutAndWhenPixelsAreNoNumbers() {
    InsufficientMemoryException full = new InsufficientMemoryException("full");
    FakeBackend small =
        new FakeBackend()
            .decodingBy(
                latents -> {
                  throw full;
                });
    assertSame(full, failure(small).getCause());
    FakeBackend broken =
        new FakeBackend()
            .decodingBy(
                latents -> {
                  float[] values = new float[3];
                  values[1] = Float.NaN;
                  return new HostTensor(Shape.of(1, 3, 1, 1, 1), values);
                });
    assertTrue(failure(broken).getMessage().contains("a pixel is not a number"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatASinkThrowsReachesTheCallerAsItIs(int at) {
    FakeBackend backend = new FakeBackend();
    BackendException own = new BackendException("the encoder of the file failed");
    FrameSink failing =
        (index, frame) -> {
          if (index == at) {
            throw own;
          }
        };
    assertSame(
        own,
        assertThrows(
            BackendException.class,
            () ->
                new TextToVideo(fixture.model(backend))
                    .generate(TextToVideoRequest.of("a"), failing)));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theyOutliveSerialization() throws IOException, ClassNotFoundException {
    HostTensor latents = new HostTensor(Shape.of(1, 2), new float[] {3, 4});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new DecodingException("lost", latents, new BackendException("full")));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      DecodingException read = (DecodingException) in.readObject();
      assertEquals(latents, read.latents());
      assertEquals("full", read.getCause().getMessage());
    }
  }

  private static DecodingException failure(FakeBackend backend) {
    DecodingException failed =
        assertThrows(
            DecodingException.class,
            () -> new TextToImage(fixture.model(backend)).generate(TextToImageRequest.of("a")));
    assertEquals(Shape.of(1, 16, 1, 4, 4), failed.latents().shape());
    assertEquals(0, backend.log().stillOpen());
    return failed;
  }

  private static FakeBackend failingAt(FakeBackend whole, String call) {
    return failingAt(whole, call, 0);
  }

  /** Fails at the call that a whole run has there. */
  private static FakeBackend failingAt(FakeBackend whole, String call, int which) {
    FakeBackend failing = new FakeBackend();
    failing.log().failAt(index(whole, call + ".*", which));
    return failing;
  }

  private static int index(FakeBackend whole, String pattern, int which) {
    List<String> calls = whole.log().calls();
    int seen = 0;
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).matches(pattern) && seen++ == which) {
        return i;
      }
    }
    throw new AssertionError("no call " + pattern + " in " + calls);
  }
}
